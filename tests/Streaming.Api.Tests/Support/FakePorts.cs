using System.Collections.Concurrent;
using Streaming.Api.Ports;
using Streaming.Api.Wire;
using Streaming.Core.Events;

namespace Streaming.Api.Tests.Support;

/// <summary>An engine that answers what a test says, and keeps what it was asked for.</summary>
internal sealed class FakePorts : IRecommendPort, IRerankPort, IProfilePort, IEventIntake, IErasePort, IExportPort, IDeadLetterPort, IModelPort, IPausePort, IAuditLog
{
    private long _offset = 100;

    public ConcurrentQueue<RecommendRequest> Recommended { get; } = new();
    public ConcurrentQueue<RerankRequest> Reranked { get; } = new();
    public ConcurrentQueue<EventRecord> Written { get; } = new();
    public ConcurrentQueue<UserKey> Erased { get; } = new();
    public ConcurrentQueue<UserKey> Exported { get; } = new();
    public ConcurrentQueue<string> Acts { get; } = new();
    public ConcurrentQueue<AuditEntry> Audited { get; } = new();

    public Func<RecommendRequest, CancellationToken, Task<PortResult<RecommendationReply>>> Recommend { get; set; } = (request, _) => Task.FromResult(PortResult<RecommendationReply>.Found(ListFor(request)));
    public Func<RerankRequest, PortResult<RerankReply>> Rerank { get; set; } = request => PortResult<RerankReply>.Found(new RerankReply { Items = [.. request.Items.Reverse().Take(request.Count).Select((id, i) => new RecommendedEntry { ItemId = id, Rank = i + 1, Score = 1.0 / (i + 1) })] });
    public Func<UserKey, PortResult<byte[]>> Profile { get; set; } = _ => PortResult<byte[]>.Found("""{"counters":{"views":3}}"""u8.ToArray());
    public Func<UserKey, PortResult<byte[]>> Export { get; set; } = _ => PortResult<byte[]>.Found("""{"profile":{"views":3}}"""u8.ToArray());
    public Func<IReadOnlyList<EventRecord>, CancellationToken, Task<PortResult<IReadOnlyList<EventReceipt>>>>? Intake { get; set; }
    /// <summary>What every port answers; null: what it would.</summary>
    public PortOutcome? Only { get; set; }
    public Func<AuditEntry, Task>? Audit { get; set; }

    public static RecommendationReply ListFor(RecommendRequest request) =>
        new() { RecommendationId = "q-1", Surface = request.Surface, Items = [new RecommendedEntry { ItemId = "i1", Rank = 1, Score = 0.5, Source = "popular", Reason = "popular" }] };

    public ApiPorts All() => new() { Audit = this, Recommend = this, Rerank = this, Profile = this, Events = this, Erase = this, Export = this, DeadLetters = this, Models = this, Pause = this };

    Task<PortResult<RecommendationReply>> IRecommendPort.RecommendAsync(RecommendRequest request, CancellationToken cancellation)
    {
        Recommended.Enqueue(request);
        return Or(() => Recommend(request, cancellation));
    }

    Task<PortResult<RerankReply>> IRerankPort.RerankAsync(RerankRequest request, CancellationToken cancellation)
    {
        Reranked.Enqueue(request);
        return Or(() => Task.FromResult(Rerank(request)));
    }

    Task<PortResult<byte[]>> IProfilePort.FindAsync(UserKey user, CancellationToken cancellation) => Or(() => Task.FromResult(Profile(user)));

    Task<PortResult<IReadOnlyList<EventReceipt>>> IEventIntake.WriteAsync(IReadOnlyList<EventRecord> records, CancellationToken cancellation)
    {
        foreach (var record in records) Written.Enqueue(record);
        return Or(() => Intake?.Invoke(records, cancellation) ?? Task.FromResult(PortResult<IReadOnlyList<EventReceipt>>.Found([.. records.Select(r => new EventReceipt(true, Murmur2.Partition(r.Key.Span, 4), Interlocked.Increment(ref _offset)))])));
    }

    Task<PortResult<ErasePosition>> IErasePort.EraseAsync(UserKey user, string eventId, long occurredAtMs, CancellationToken cancellation)
    {
        Erased.Enqueue(user);
        return Or(() => Task.FromResult(PortResult<ErasePosition>.Found(new ErasePosition(2, 77))));
    }

    Task<PortResult<byte[]>> IExportPort.ExportAsync(UserKey user, CancellationToken cancellation)
    {
        Exported.Enqueue(user);
        return Or(() => Task.FromResult(Export(user)));
    }

    Task<PortResult<DeadLetterPage>> IDeadLetterPort.BrowseAsync(string? reason, int limit, string? pageToken, CancellationToken cancellation)
    {
        Acts.Enqueue($"browse {reason} {limit} {pageToken}");
        return Or(() => Task.FromResult(PortResult<DeadLetterPage>.Found(new DeadLetterPage { DeadLetters = [], NextPageToken = "p2" })));
    }

    Task<PortResult<RedriveReply>> IDeadLetterPort.RedriveAsync(IReadOnlyList<string> deadLetterIds, CancellationToken cancellation)
    {
        Acts.Enqueue("redrive " + string.Join(",", deadLetterIds));
        return Or(() => Task.FromResult(PortResult<RedriveReply>.Found(new RedriveReply { Results = [.. deadLetterIds.Select(id => new RedriveResult { DeadLetterId = id, IsWritten = true })] })));
    }

    Task<PortResult<ModelsReply>> IModelPort.ListAsync(CancellationToken cancellation) => Or(() => Task.FromResult(PortResult<ModelsReply>.Found(Models("ranker-7"))));

    Task<PortResult<ModelsReply>> IModelPort.UseAsync(string name, string version, CancellationToken cancellation)
    {
        Acts.Enqueue($"use {name} {version}");
        return Or(() => Task.FromResult(version == "none" ? PortResult<ModelsReply>.Not(PortOutcome.Unknown) : PortResult<ModelsReply>.Found(Models(version))));
    }

    Task<PortResult<ModelsReply>> IModelPort.RollBackAsync(string name, CancellationToken cancellation)
    {
        Acts.Enqueue($"rollback {name}");
        return Or(() => Task.FromResult(PortResult<ModelsReply>.Found(Models("ranker-6"))));
    }

    Task<PortResult<PauseState>> IPausePort.ReadAsync(CancellationToken cancellation) => Or(() => Task.FromResult(PortResult<PauseState>.Found(new PauseState { IsPaused = false })));

    Task<PortResult<PauseState>> IPausePort.SetAsync(bool paused, string reason, CancellationToken cancellation)
    {
        Acts.Enqueue($"pause {paused}");
        return Or(() => Task.FromResult(PortResult<PauseState>.Found(new PauseState { IsPaused = paused, Reason = reason, Since = 1 })));
    }

    Task IAuditLog.WriteAsync(AuditEntry entry, CancellationToken cancellation)
    {
        if (Audit is not null) return Audit(entry);
        Audited.Enqueue(entry);
        return Task.CompletedTask;
    }

    private Task<PortResult<T>> Or<T>(Func<Task<PortResult<T>>> answer)
        where T : class => Only is { } outcome ? Task.FromResult(new PortResult<T>(outcome, Field: "field", Why: "why")) : answer();

    private static ModelsReply Models(string version) => new() { Models = [new ModelLine { Name = "ranker", Version = version, IsInForce = true }] };
}

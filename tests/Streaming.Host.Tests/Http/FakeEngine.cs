using System.Text;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Host.Http;

namespace Streaming.Host.Tests.Http;

/// <summary>An engine that answers what a test put into it.</summary>
internal sealed class FakeEngine : IEngineView
{
    public List<ReadinessCheck> Checks { get; } = [new("broker", true, "answers")];

    public Dictionary<string, UserLookup> Users { get; } = [];

    public Dictionary<string, UserLookup> Lists { get; } = [];

    /// <summary>Lengths that were asked for.</summary>
    public List<int> Lengths { get; } = [];

    public Task<UserLookup> RecommendAsync(UserKey user, int length, CancellationToken cancellation)
    {
        Lengths.Add(length);
        return Task.FromResult(Lists.GetValueOrDefault(Encoding.UTF8.GetString(user.Bytes), new UserLookup(UserLookupOutcome.Unknown, "\"anybody's\""u8.ToArray())));
    }

    public EngineStatus Status() => new()
    {
        Version = "0",
        StartedAtMs = 1,
        Partitions = 4,
        Shards = [new ShardLine(2, new ShardStatus("running", new ShardOffsets(5, 0, 1), ShardOffsets.None, 3, 1000, 2, 1, 0, null))],
        Members = [],
        Items = new ItemIndexLine(1, 1, 0, true),
        Store = "sqlite:x",
    };

    public IReadOnlyList<ReadinessCheck> Readiness() => Checks;

    public Task<UserLookup> FindUserAsync(UserKey user, CancellationToken cancellation) =>
        Task.FromResult(Users.GetValueOrDefault(Encoding.UTF8.GetString(user.Bytes), new UserLookup(UserLookupOutcome.Unknown, default)));
}

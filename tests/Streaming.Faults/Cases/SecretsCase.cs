using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;
using Streaming.Kafka;

namespace Streaming.Faults.Cases;

/// <summary>
/// Every secret that the settings know is marked, and so are ids of events that hold line breaks and escapes. The engine works, meets a broker that is killed and one that refuses its password, and ends;
/// then everything that it said is searched for the marks.
/// </summary>
internal sealed class SecretsCase : FaultCase
{
    private const char Escape = '\u001b';
    private const string WrongLog = "engine-wrong-password.log";
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(20);
    private readonly string _password = Mark("password"), _wrong = Mark("wrong-password"), _storePassword = Mark("store-password"), _hostile = Mark("hostile");

    /// <inheritdoc/>
    public override async Task<KafkaBrokers> StartBrokersAsync(ServerScripts servers, CancellationToken cancellation)
    {
        var broker = servers.SecureBroker(_password);
        await broker.RemoveAsync(cancellation); // of a run that was killed: it has another password
        await broker.UpAsync(cancellation);
        return broker;
    }

    /// <inheritdoc/>
    public override Task StopBrokersAsync(ServerScripts servers, CancellationToken cancellation) => servers.SecureBroker(_password).RemoveAsync(cancellation);

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var plain = run.Bootstrap;
        await run.Feeder.StartAsync(cancellation);
        await FeedHostileAsync(run, cancellation);
        run.Bootstrap = run.Servers.SecureAddress;
        var said = new StringBuilder();
        using (var engine = run.Start(settings: Settings(run, _password)))
        {
            await UsualAsync(run, engine, said, cancellation);
        }

        using (var engine = run.Start(settings: Settings(run, _wrong), log: WrongLog))
        {
            await WrongAsync(run, engine, said, cancellation);
        }

        run.Bootstrap = plain;
        var result = await run.JudgeAsync(cancellation);
        await SearchAsync(run, said, cancellation);
        return result with { Failures = [.. run.Failures], Passed = run.Failures.Count == 0, Faults = run.Faults };
    }

    private static string Mark(string what) => $"{what}-{Guid.NewGuid():n}";

    private string[] Settings(CaseRun run, string password) =>
    [
        .. ((string[])
        [
            "Kafka:Security:Protocol=sasl_ssl", "Kafka:Security:SaslMechanism=PLAIN", "Kafka:Security:SaslUsername=admin", $"Kafka:Security:SaslPassword={password}",
            $"Kafka:Security:CaFile={Path.Combine(run.Brokers.Folder, "ca.pem")}", "Cassandra:Username=engine", $"Cassandra:Password={_storePassword}",
        ]).SelectMany(s => (string[])["--set", s]),
    ];

    // As keys, ids and whole values: line breaks that would forge a line of a log, and the escape that colours a terminal.
    private async Task FeedHostileAsync(CaseRun run, CancellationToken cancellation)
    {
        var kafka = run.Feeder.Kafka;
        await using var writer = new KafkaEventWriter(kafka, NullLogger<KafkaEventWriter>.Instance);
        var forged = $"{_hostile}\\r\\n2026-01-01T00:00:00.000Z fail: forged \\u001b[31m";
        // What each is with the key that is its user's, and what with the other; none: an event.
        (string Value, DeadLetterReason Own, DeadLetterReason Other)[] values =
        [
            ($$"""{"eventId":"{{forged}}","type":"view","userId":"{{_hostile}}","itemId":"i1","occurredAt":1700000000000}""", DeadLetterReason.InvalidId, DeadLetterReason.InvalidId),
            ($$"""{"eventId":"h2","type":"view","userId":"{{forged}}","itemId":"i1","occurredAt":1700000000000}""", DeadLetterReason.InvalidId, DeadLetterReason.InvalidId),
            ($$"""{"eventId":"h3","type":"view","userId":"{{_hostile}}","itemId":"{{forged}}","occurredAt":1700000000000}""", DeadLetterReason.InvalidId, DeadLetterReason.InvalidId),
            ($$"""{"eventId":"h4","type":"{{forged}}","userId":"{{_hostile}}","itemId":"i1","occurredAt":1700000000000}""", DeadLetterReason.UnknownType, DeadLetterReason.UnknownType),
            ($$"""{"eventId":"h5","type":"search","userId":"{{_hostile}}","query":"{{forged}} {0} %s ${x}","occurredAt":1700000000000}""", DeadLetterReason.None, DeadLetterReason.KeyMismatch),
            ($"{_hostile}\r\nnot json {Escape}[31m", DeadLetterReason.InvalidJson, DeadLetterReason.InvalidJson),
        ];
        foreach (var (value, own, other) in values)
        {
            Write(_hostile, value, own);
            Write($"{_hostile}\r\n{Escape}[31m", value, other);
        }

        await writer.FlushAsync(cancellation);
        run.FedBeside += writer.Written;
        run.Fault($"{values.Length * 2} events with line breaks and escapes");

        void Write(string key, string value, DeadLetterReason reason)
        {
            writer.Write(kafka.Topics.Events, kafka.Partitions, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
            if (reason != DeadLetterReason.None) run.Feeder.Poison.Add(Encoding.UTF8.GetBytes(value), reason);
        }
    }

    private static async Task UsualAsync(CaseRun run, EngineProcess engine, StringBuilder said, CancellationToken cancellation)
    {
        if (await ShardProgress.StuckAsync(run, engine, [], cancellation) is { } stuck)
        {
            run.Fail($"over SASL and TLS {stuck}");
            return;
        }

        await run.Brokers.DownAsync(kill: true, cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        await ListenAsync(engine, said, cancellation);
        await run.Brokers.UpAsync(cancellation);
        if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stands) run.Fail($"after the broker was killed {stands}");
        else run.Fault("the broker was killed and started; every shard went on over SASL and TLS");
        await ListenAsync(engine, said, cancellation);
    }

    private static async Task WrongAsync(CaseRun run, EngineProcess engine, StringBuilder said, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < Refused && !engine.HasExited; await Task.Delay(500, cancellation))
        {
            if (await engine.ReadyAsync(cancellation) is { IsReady: true }) run.Fail("with a wrong password the engine says that it is ready");
            await ListenAsync(engine, said, cancellation);
        }

        if (engine.HasExited && engine.ExitCode == 0) run.Fail("with a wrong password the engine ended as if nothing were wrong");
        else run.Fault(engine.HasExited ? $"with a wrong password it ended with {engine.ExitCode}" : "with a wrong password it waits and is not ready");
    }

    private static async Task ListenAsync(EngineProcess engine, StringBuilder said, CancellationToken cancellation)
    {
        foreach (var path in (string[])["/status", "/metrics", "/health/ready"]) said.Append(await engine.TextAsync(path, cancellation));
    }

    private async Task SearchAsync(CaseRun run, StringBuilder said, CancellationToken cancellation)
    {
        (string Name, string Text)[] marks = [("the password", _password), ("the wrong password", _wrong), ("the store's password", _storePassword), ("the HTTP token", EngineProcess.Token), ("what an event holds", _hostile)];
        var texts = new List<(string From, string Text)> { ("/status, /metrics or /health/ready", said.ToString()) };
        foreach (var log in Directory.GetFiles(run.Folder, "engine*.log")) texts.Add((Path.GetFileName(log), await File.ReadAllTextAsync(log, cancellation)));
        foreach (var (from, text) in texts)
        {
            foreach (var (name, mark) in marks.Where(m => text.Contains(m.Text, StringComparison.Ordinal))) run.Fail($"{from} holds {name}");
            if (text.Contains(Escape, StringComparison.Ordinal)) run.Fail($"{from} holds an escape");
        }

        // A search that looks at the wrong files finds nothing either.
        if (!texts.Exists(t => t.From == "engine.log" && t.Text.Contains(run.Servers.SecureAddress, StringComparison.Ordinal))) run.Fail("engine.log does not name the broker: not what the engine says");
        if (!texts.Exists(t => t.From == WrongLog && t.Text.Contains(run.Servers.SecureAddress, StringComparison.Ordinal))) run.Fail($"{WrongLog} does not name the broker that refused");
        run.Figures["characters searched"] = texts.Sum(t => (double)t.Text.Length);
    }
}

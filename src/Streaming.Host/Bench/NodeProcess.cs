using System.Diagnostics;
using System.Text.Json;
using Streaming.Pipeline.Shards;

namespace Streaming.Host.Bench;

/// <summary>A node of the engine, a child process: <c>streaming run</c>. It is killed at the end, since its topics and store go with it.</summary>
internal sealed class NodeProcess : IDisposable
{
    private const int TailLines = 12;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Queue<string> _tail = new();
    private readonly Process _process;
    private readonly Uri _address;
    private readonly long _started = Stopwatch.GetTimestamp();

    private NodeProcess(Process process, Uri address)
    {
        (_process, _address) = (process, address);
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Time since its exec.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Processor time that it has taken, its runtime's included.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            RequireAlive();
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="given">Settings as the command was given them (<c>--config</c>, <c>--set</c>).</param>
    /// <param name="settings">Settings of this node, over those.</param>
    /// <param name="httpPort">Port of its HTTP.</param>
    /// <exception cref="IOException">The program could not be started.</exception>
    public static NodeProcess Start(IEnumerable<string> given, IEnumerable<string> settings, int httpPort)
    {
        IEnumerable<string> own = [.. settings, "Http:Bind=127.0.0.1", FormattableString.Invariant($"Http:Port={httpPort}")];
        var process = Process.Start(ChildProgram.With(["run", .. given, .. own.SelectMany(s => (string[])["--set", s])])) ?? throw new IOException("the program could not be started");
        return new NodeProcess(process, new Uri(FormattableString.Invariant($"http://127.0.0.1:{httpPort}")));
    }

    /// <summary>Whether it says that it is ready.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        RequireAlive();
        try
        {
            using var answer = await Http.GetAsync(new Uri(_address, "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Where it stands; a node that does not answer yet holds nothing.</summary>
    public async Task<NodeStanding> StandingAsync(CancellationToken cancellation)
    {
        RequireAlive();
        try
        {
            var status = await Http.GetFromJsonAsync<JsonElement>(new Uri(_address, "/status"), cancellation);
            var shards = status.GetProperty("shards").EnumerateArray().Select(s => s.GetProperty("status")).Where(s => s.GetProperty("phase").GetString() == ShardPhases.Running).ToList();
            return new NodeStanding(
                status.GetProperty("members").EnumerateArray().Count(m => m.GetProperty("status").GetString() == "Up" && m.GetProperty("reachable").GetBoolean()),
                shards.Count,
                shards.Sum(s => Math.Max(0, s.GetProperty("committed").GetProperty("events").GetInt64())),
                shards.Sum(s => s.GetProperty("dirtyUsers").GetInt64()));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException && !cancellation.IsCancellationRequested)
        {
            return default;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void RequireAlive()
    {
        if (!_process.HasExited) return;
        lock (_tail) throw new IOException($"a node ended with {_process.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, _tail)}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_tail)
        {
            if (_tail.Count == TailLines) _tail.Dequeue();
            _tail.Enqueue(line);
        }
    }
}

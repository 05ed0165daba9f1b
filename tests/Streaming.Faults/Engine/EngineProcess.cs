using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Streaming.Faults.Net;

namespace Streaming.Faults.Engine;

/// <summary>The engine as a process of its own, its output kept in a file.</summary>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>What an engine is asked with: in a network namespace of its own it is asked from elsewhere, and tells nothing without it.</summary>
    public static readonly string Token = Guid.NewGuid().ToString("n");
    private const int MostAsked = 4, AskAgainMs = 250;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
    private readonly Process _process;
    private readonly StreamWriter _output;
    private readonly string _http;
    private readonly Action<string>? _heard;
    private readonly TaskCompletionSource _crash = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process, StreamWriter output, string http, Action<string>? heard)
    {
        (_process, _output, _http, _heard, Id) = (process, output, http, heard, process.Id);
        process.OutputDataReceived += (_, e) => Receive(e.Data);
        process.ErrorDataReceived += (_, e) => Receive(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Process id.</summary>
    public int Id { get; }

    /// <summary>True once it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code; 137 where it was killed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>When it ended.</summary>
    public DateTime EndedAt => _process.ExitTime.ToUniversalTime();

    /// <summary>Ends when the process says that it is at its crash point.</summary>
    public Task AtCrashPoint => _crash.Task;

    /// <summary>Resident memory in MiB; 0 once it ended.</summary>
    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return HasExited ? 0 : _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Its threads; 0 once it ended.</summary>
    public int Threads
    {
        get
        {
            _process.Refresh();
            return HasExited ? 0 : _process.Threads.Count;
        }
    }

    /// <summary>What a path of its HTTP interface answers; empty while it does not answer.</summary>
    public async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await Http.GetStringAsync(new Uri($"{_http}{path}"), cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return "";
        }
    }

    /// <summary>Starts <c>streaming run</c>.</summary>
    /// <param name="build">Folder of the engine.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="outputFile">Takes its output; one process a file.</param>
    /// <param name="environment">Further variables.</param>
    /// <param name="heard">Told each line of its output.</param>
    /// <param name="place">Where in the network it runs; null: on this machine's loopback.</param>
    public static EngineProcess Run(string build, IEnumerable<string> settings, string outputFile, IReadOnlyDictionary<string, string> environment, Action<string>? heard = null, NetworkPlace? place = null)
    {
        var (port, at) = (FreePort(), place ?? NetworkPlace.Loopback);
        var process = Process.Start(StartInfo(build, ["run", .. settings, "--set", $"Http:Bind={at.Host}", "--set", $"Http:Port={port}", "--set", $"Http:Token={Token}"], environment, at.Namespace))!;
        return new EngineProcess(process, new StreamWriter(outputFile, append: true) { AutoFlush = true }, $"http://{at.Host}:{port}", heard);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> ToEndAsync(string build, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(StartInfo(build, arguments, new Dictionary<string, string>()))!;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, output, await error);
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        if (!HasExited) Signals.SendKill(Id);
    }

    /// <summary>Waits until it ended; false where the limit came first.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await _process.WaitForExitAsync(cancellation).WaitAsync(limit, cancellation); // its output is read to the end then
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>/status; null while it does not answer.</summary>
    public async Task<JsonElement?> StatusAsync(CancellationToken cancellation)
    {
        try
        {
            return await Http.GetFromJsonAsync<JsonElement>(new Uri($"{_http}/status"), cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>/health/ready: whether it is ready, and what it says; null while it does not answer.</summary>
    public async Task<(bool IsReady, string Text)?> ReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"{_http}/health/ready"), cancellation);
            return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Sum of a counter of /metrics over its labels; 0 once it has ended. Throws where it does not answer, four times asked: a sum that is not known is not 0.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken cancellation)
    {
        for (var asked = 0; asked < MostAsked; asked++, await Task.Delay(AskAgainMs, cancellation))
        {
            if (await TryMetricAsync(name, cancellation) is { } sum) return sum;
            if (HasExited) return 0;
        }

        throw new InvalidOperationException($"the engine does not tell {name}");
    }

    /// <summary>Sum of a counter of /metrics over its labels; null where it does not answer.</summary>
    public async Task<double?> TryMetricAsync(string name, CancellationToken cancellation) =>
        (await MetricsAsync(cancellation))?.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Length > name.Length && l[name.Length] is ' ' or '{')
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    private async Task<string?> MetricsAsync(CancellationToken cancellation)
    {
        try
        {
            return await Http.GetStringAsync(new Uri($"{_http}/metrics"), cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>By how much its clock is ahead of this program's: what it puts on its answers.</summary>
    public async Task<TimeSpan?> ClockAheadAsync(CancellationToken cancellation)
    {
        using var answer = await Http.GetAsync(new Uri($"{_http}/health/live"), cancellation);
        return answer.Headers.Date - DateTimeOffset.UtcNow;
    }

    /// <summary>Waits for a state of /status; false where the process ended or the limit came first.</summary>
    /// <param name="holds">The state.</param>
    /// <param name="times">How often in a row it must hold, half a second apart.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<bool> WaitForAsync(Func<JsonElement, bool> holds, int times, TimeSpan limit, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        for (var seen = 0; clock.Elapsed < limit && !HasExited;)
        {
            seen = await StatusAsync(cancellation) is { } status && holds(status) ? seen + 1 : 0;
            if (seen >= times) return true;
            await Task.Delay(times > 1 ? 500 : 100, cancellation);
        }

        return false;
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        lock (_output) _output.Dispose();
    }

    private void Receive(string? line)
    {
        if (line is null) return;
        lock (_output)
        {
            if (_output.BaseStream is { CanWrite: true }) _output.WriteLine(line);
        }

        _heard?.Invoke(line);
        if (line.StartsWith("crash point ", StringComparison.Ordinal)) _crash.TrySetResult();
    }

    private static ProcessStartInfo StartInfo(string build, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? networkNamespace = null)
    {
        var start = new ProcessStartInfo(networkNamespace is null ? "dotnet" : IpCommand.Program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = build };
        // It becomes the engine, under the same process id.
        if (networkNamespace is not null)
            foreach (var argument in (string[])["netns", "exec", networkNamespace, "dotnet"]) start.ArgumentList.Add(argument);
        start.ArgumentList.Add(Path.Combine(build, "streaming.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_gcServer"] = "0"; // starts faster, and many of them start
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}

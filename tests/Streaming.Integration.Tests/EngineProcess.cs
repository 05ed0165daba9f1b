using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Streaming.Integration.Tests;

/// <summary>The program as its own process, as an operator runs it.</summary>
internal sealed class EngineProcess : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly Process _process;
    private readonly int _port;

    private EngineProcess(Process process, int port)
    {
        _process = process;
        _port = port;
    }

    public static EngineProcess Run(IEnumerable<string> settings)
    {
        var port = FreePort();
        return new EngineProcess(Start(["run", .. settings, "--set", $"Http:Port={port}"]), port);
    }

    /// <summary>Runs a command to its end; the last line of its standard output.</summary>
    public static async Task<(int Code, string LastLine, string Error)> ToEndAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, output.TrimEnd().Split('\n')[^1], await error);
    }

    public void Kill() => _process.Kill();

    public async Task<int> TerminateAsync(CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Waits until every shard runs, has no lag and is durable; null where that took too long.</summary>
    public async Task<bool> WaitForEndAsync(int shards, TimeSpan limit, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var quiet = 0;
        while (clock.Elapsed < limit && !_process.HasExited)
        {
            await Task.Delay(500, cancellation);
            quiet = await IsAtEndAsync(shards, cancellation) ? quiet + 1 : 0;
            if (quiet == 4) return true;
        }

        return false;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task<bool> IsAtEndAsync(int shards, CancellationToken cancellation)
    {
        try
        {
            var status = await Http.GetFromJsonAsync<JsonElement>(new Uri($"http://127.0.0.1:{_port}/status"), cancellation);
            var lines = status.GetProperty("shards").EnumerateArray().Select(s => s.GetProperty("status")).ToList();
            return lines.Count == shards && lines.TrueForAll(s => s.GetProperty("phase").GetString() == "running" && s.GetProperty("lagEvents").GetInt64() == 0
                && s.GetProperty("committed").GetProperty("events").GetInt64() > 0 && s.GetProperty("dirtyUsers").GetInt32() == 0);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException or KeyNotFoundException)
        {
            return false; // not listening yet
        }
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "streaming.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        if (arguments.First() == "run")
        {
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}

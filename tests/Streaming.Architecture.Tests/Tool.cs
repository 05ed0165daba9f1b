using System.ComponentModel;
using System.Diagnostics;

namespace Streaming.Architecture.Tests;

/// <summary>A program that a machine may lack: a test that needs it is skipped there, and says so.</summary>
internal sealed class Tool
{
    private readonly string _name, _variable, _partOf;

    private Tool(string name, string variable, string partOf) => (_name, _variable, _partOf) = (name, variable, partOf);

    /// <summary>Tests rules and parses expressions.</summary>
    public static Tool PromTool { get; } = new("promtool", "STREAMING_TEST_PROMTOOL", "part of Prometheus");

    /// <summary>Renders the chart.</summary>
    public static Tool Helm { get; } = new("helm", "STREAMING_TEST_HELM", "helm 3");

    /// <summary>Checks manifests against the schemas of Kubernetes.</summary>
    public static Tool KubectlValidate { get; } = new("kubectl-validate", "STREAMING_TEST_KUBECTL_VALIDATE", "of the Kubernetes project");

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and what it wrote: standard output, then standard error.</returns>
    public async Task<(int Code, string Output)> RunAsync(string folder, CancellationToken cancellation, params string[] arguments)
    {
        var file = Environment.GetEnvironmentVariable(_variable) ?? _name;
        using var process = new Process { StartInfo = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception) when (!File.Exists(file))
        {
            Assert.Skip($"{file} ({_partOf}; {_variable} names another) is not at hand");
        }

        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output + await error);
    }
}

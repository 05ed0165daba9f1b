using System.CommandLine;
using System.Diagnostics;
using Streaming.Training;

namespace Streaming.Host.Cli;

/// <summary>Work of the training library behind a command: its options are looked at first, its progress is shown, and what the data make impossible becomes a line and an exit code.</summary>
internal static class TrainingWork
{
    /// <summary>Runs it on another thread and reports its result.</summary>
    /// <param name="name">What the progress line calls it.</param>
    /// <param name="wrong">What is wrong with its options, a line each, as <c>Folds must be …</c>.</param>
    /// <param name="console">Standard output and error.</param>
    /// <param name="work">The work.</param>
    /// <param name="report">Writes the result.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns><see cref="ExitCode.Usage"/> where an option is wrong or names what is not there; <see cref="ExitCode.Failed"/> where the data cannot be used.</returns>
    public static async Task<int> RunAsync<T>(string name, IEnumerable<string> wrong, InvocationConfiguration console, Func<IProgress<TrainProgress>, T> work, Action<T> report, CancellationToken cancellation)
    {
        var errors = wrong.ToArray();
        foreach (var error in errors) await console.Error.WriteLineAsync($"--{char.ToLowerInvariant(error[0])}{error[1..]}");
        if (errors.Length > 0) return ExitCode.Usage;
        var line = ProgressLine.On(console.Error);
        var clock = Stopwatch.StartNew();
        try
        {
            var progress = new Inline<TrainProgress>(p => line.Show(p.Note is null ? $"{name}, {p.Phase}" : $"{name}, {p.Phase} ({p.Note})", clock.Elapsed.TotalSeconds, p.Share));
            var result = await Task.Run(() => work(progress), cancellation);
            line.Close();
            report(result);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is UnknownNameException or InvalidDataException)
        {
            line.Say(e.Message);
            return e is UnknownNameException ? ExitCode.Usage : ExitCode.Failed;
        }
    }
}

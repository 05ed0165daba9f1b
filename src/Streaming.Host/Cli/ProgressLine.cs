using System.Globalization;

namespace Streaming.Host.Cli;

/// <summary>Progress on standard error: one line with a bar, a rate and the time left on a terminal, a plain line now and then elsewhere.</summary>
/// <param name="to">Standard error.</param>
/// <param name="isTerminal">True where the line can be overwritten.</param>
internal sealed class ProgressLine(TextWriter to, bool isTerminal)
{
    private const int BarWidth = 24;
    private const double PlainSeconds = 5;
    private const double TerminalSeconds = 0.1;
    private double _last = double.NegativeInfinity;
    private bool _open;

    /// <summary>For the process's standard error.</summary>
    public static ProgressLine On(TextWriter error) => new(error, error == Console.Error && !Console.IsErrorRedirected);

    /// <summary>Shows where the work stands.</summary>
    /// <param name="stage">What is being done.</param>
    /// <param name="done">Things done.</param>
    /// <param name="unit">Their name.</param>
    /// <param name="seconds">Time since the start.</param>
    /// <param name="fraction">Share done; null where it is not known.</param>
    public void Show(string stage, long done, string unit, double seconds, double? fraction) =>
        Show(string.Create(CultureInfo.InvariantCulture, $"{stage}: {done:N0} {unit}, {(seconds > 0 ? done / seconds : 0):N0}/s"), seconds, fraction);

    /// <summary>Shows how much of something is done that has no things to count.</summary>
    public void Show(string text, double seconds, double? fraction)
    {
        if (seconds - _last < (isTerminal ? TerminalSeconds : PlainSeconds)) return;
        _last = seconds;
        if (fraction is { } share and > 0 and <= 1)
        {
            var full = (int)(share * BarWidth);
            text = string.Create(CultureInfo.InvariantCulture, $"[{new string('█', full)}{new string('░', BarWidth - full)}] {share:p0} {text}, {seconds * (1 - share) / share:N0} s left");
        }

        if (isTerminal) to.Write("\r\u001b[K" + text);
        else to.WriteLine(text);
        _open = isTerminal;
    }

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line)
    {
        Close();
        to.WriteLine(line);
    }

    /// <summary>Ends the line on a terminal.</summary>
    public void Close()
    {
        if (_open) to.WriteLine();
        _open = false;
    }
}

namespace Streaming.Host.Replay;

/// <summary>A row that could not be parsed.</summary>
/// <param name="LineNumber">Line on which it begins, from 1.</param>
/// <param name="Reason">What is wrong, with the column's name.</param>
public sealed record RejectedRow(long LineNumber, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {LineNumber}: {Reason}";
}

namespace Streaming.Faults.Cases;

/// <summary>This machine cannot run a case; the message says why.</summary>
internal sealed class CaseSkippedException(string why) : Exception(why);

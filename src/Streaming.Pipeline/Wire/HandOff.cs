namespace Streaming.Pipeline.Wire;

/// <summary>The region's stop message: commit what is in flight, flush, stop.</summary>
internal sealed record HandOff : IWireMessage
{
    /// <summary>The one instance.</summary>
    public static readonly HandOff Instance = new();
}

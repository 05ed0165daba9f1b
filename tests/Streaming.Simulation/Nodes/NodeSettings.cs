using Streaming.Core.Fold;

namespace Streaming.Simulation.Nodes;

/// <summary>Fold settings that a node is started with.</summary>
/// <param name="Fold">Numbers of Fold.</param>
/// <param name="ConsentDefault">Consent of profiles that start.</param>
internal sealed record NodeSettings(FoldOptions Fold, ConsentFlags ConsentDefault)
{
    /// <summary>As the value of a <c>settings</c> fact.</summary>
    public string Text { get; } = FoldSettingsJson.Write(Fold, ConsentDefault);
}

namespace Streaming.Training.NextItem;

/// <summary>Shape and training of the session encoder.</summary>
internal sealed record EncoderSettings
{
    /// <summary>d: length of the item vectors, a multiple of 16.</summary>
    public int Dimensions { get; init; } = 64;
    /// <summary>Latest clicks of the prefix that are read.</summary>
    public int PrefixItems { get; init; } = 15;
    /// <summary>Passes over all positions, at least; see <see cref="LeastSteps"/>.</summary>
    public int Epochs { get; init; } = 4;
    /// <summary>Steps at least: few positions are passed over more often, but never more than <see cref="MostEpochs"/> times.</summary>
    public int LeastSteps { get; init; } = 2500;
    /// <summary>Passes at most.</summary>
    public int MostEpochs { get; init; } = 12;
    /// <summary>Positions of one step.</summary>
    public int Batch { get; init; } = 256;
    /// <summary>Items drawn as wrong answers for each step, beside the step's own targets.</summary>
    public int Negatives { get; init; } = 1024;
    /// <summary>Adam's step; falls to a twentieth in a straight line.</summary>
    public float LearningRate { get; init; } = 0.003f;
    /// <summary>Scores are this × cosine (NISER: Gupta et al., "NISER: Normalized item and session representations", 2019, uses 16).</summary>
    public float Scale { get; init; } = 16f;
    /// <summary>Share of the coordinates of the clicked items' vectors that a step leaves out.</summary>
    public float Dropout { get; init; } = 0.2f;

    /// <summary>Passes over so many positions.</summary>
    public int EpochsOver(int positions) => Math.Clamp((int)Math.Ceiling((double)LeastSteps * Batch / Math.Max(1, positions)), Epochs, Math.Max(Epochs, MostEpochs));
}

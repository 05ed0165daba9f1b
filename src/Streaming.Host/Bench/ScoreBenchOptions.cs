namespace Streaming.Host.Bench;

/// <summary>What <c>bench score</c> measures.</summary>
public sealed record ScoreBenchOptions
{
    /// <summary>Folder of the ranker.</summary>
    public required string ModelFolder { get; init; }
    /// <summary>Rows that the stage scores; the bare loop scores as many.</summary>
    public long Rows { get; init; } = 2_000_000;
    /// <summary>Most rows of one model run (<c>Score:MaxBatchRows</c>), and the rows of each run of the bare loop.</summary>
    public int BatchRows { get; init; } = 800;
    /// <summary>Callers at the same time, as a node has shards.</summary>
    public int Callers { get; init; } = 8;
    /// <summary>Rows of one request. 200 are the candidates of one user; a shard with much to do asks for up to 32 users at once.</summary>
    public int RequestRows { get; init; } = 200;
    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;
}

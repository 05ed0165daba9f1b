namespace Streaming.Pipeline.Shards;

/// <summary>How the driver of a shard answers its errors. Every delay is lengthened by up to half of itself at random, so that shards do not retry in step.</summary>
public sealed record ShardDriverOptions
{
    /// <summary>Take-overs in a row that follow an unclear outcome at once, before delays begin; 0 to 100.</summary>
    public int ImmediateTakeOvers { get; init; } = 3;

    /// <summary>First delay after an error that may pass by itself, doubled each time nothing was committed in between; 10 ms to 1 min.</summary>
    public TimeSpan RetryBackOff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest such delay; at least <see cref="RetryBackOff"/>, to 1 h. A run that lasted this long counts as healthy again.</summary>
    public TimeSpan RetryBackOffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First time a fenced shard stays away, doubled each time it is fenced again soon; 1 s to 1 h. Two owners that came back at once would fence each other for ever.</summary>
    public TimeSpan FenceBackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest such time; at least <see cref="FenceBackOff"/>, to 24 h.</summary>
    public TimeSpan FenceBackOffMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a shard whose error needs a person waits before it looks again; 1 s to 24 h.</summary>
    public TimeSpan FatalRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Queries of users that may wait in one shard; more are refused; 1 to 100,000.</summary>
    public int MaxWaitingQueries { get; init; } = 256;

    /// <summary>Largest answer to a query of a user, bytes of JSON; 1 KiB to 8 MiB, below the cluster's largest message.</summary>
    public int MaxAnswerBytes { get; init; } = 200 * 1024;

    /// <summary>Every error of these settings, each with the option's name; empty where all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (ImmediateTakeOvers is < 0 or > 100) yield return $"{nameof(ImmediateTakeOvers)} {ImmediateTakeOvers} is outside 0 to 100";
        if (MaxWaitingQueries is < 1 or > 100_000) yield return $"{nameof(MaxWaitingQueries)} {MaxWaitingQueries} is outside 1 to 100000";
        if (MaxAnswerBytes is < 1024 or > 8388608) yield return $"{nameof(MaxAnswerBytes)} {MaxAnswerBytes} is outside 1024 to 8388608";
        foreach (var (name, value, low, high) in Durations())
            if (value < low || value > high) yield return $"{name} {value} is outside {low} to {high}";
    }

    private IEnumerable<(string Name, TimeSpan Value, TimeSpan Low, TimeSpan High)> Durations()
    {
        yield return (nameof(RetryBackOff), RetryBackOff, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        yield return (nameof(RetryBackOffMax), RetryBackOffMax, RetryBackOff, TimeSpan.FromHours(1));
        yield return (nameof(FenceBackOff), FenceBackOff, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        yield return (nameof(FenceBackOffMax), FenceBackOffMax, FenceBackOff, TimeSpan.FromHours(24));
        yield return (nameof(FatalRetry), FatalRetry, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    }
}

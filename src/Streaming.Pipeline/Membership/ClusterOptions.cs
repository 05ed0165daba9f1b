namespace Streaming.Pipeline.Membership;

/// <summary>How this process is a member of the cluster, and how the cluster places the user shards.</summary>
public sealed record ClusterOptions
{
    /// <summary>Name of the actor system; the same on every member. Letters, digits, '-' and '_'.</summary>
    public string SystemName { get; init; } = "streaming";

    /// <summary>Address to bind; 0.0.0.0 for all.</summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>Name the other members reach this one by; null: <see cref="Hostname"/>.</summary>
    public string? PublicHostname { get; init; }

    /// <summary>TCP port, 0 to 65535; 0 picks a free one and fits only a cluster of one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Members to join through, "host:port" each, the same list in the same order everywhere; empty: a cluster of one. The first one founds the cluster where no other answers,
    /// so name at least two: a lone first seed that starts during a split founds a second cluster.
    /// </summary>
    public IReadOnlyList<string> SeedNodes { get; init; } = [];

    /// <summary>What this member is for.</summary>
    public NodeRole Role { get; init; } = NodeRole.Worker;

    /// <summary>Partitions of <c>events</c>, which is the number of user shards; 1 to 4096.</summary>
    public int Partitions { get; init; } = 8;

    /// <summary>
    /// How long membership must be quiet before a split is decided; 1 s to 5 min. The default is for three to five members: longer than two of them differ in noticing a third's
    /// silence. With more, ten times log10(members) seconds is a fair rule.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// Further wait before the shards of a removed member start elsewhere; 0 to 5 min. None is needed because a broker epoch, not placement, fences the old owner.
    /// The framework's own default pays <see cref="StableAfter"/> a second time.
    /// </summary>
    public TimeSpan DownRemovalMargin { get; init; } = TimeSpan.Zero;

    /// <summary>Every member stops (and is started again by its supervisor) where reachability keeps changing for this long after <see cref="StableAfter"/>; 5 s to 10 min.</summary>
    public TimeSpan DownAllWhenUnstableFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Silence on heartbeats that is still forgiven; 1 s to 1 min. Heartbeats are sent four times in it, at least once a second. A member that was silent for longer than this is
    /// removed after <see cref="StableAfter"/>, unless it is heard again before.
    /// </summary>
    public TimeSpan AcceptableHeartbeatPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often placement is looked at; 500 ms to 5 min.</summary>
    public TimeSpan RebalanceInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Shards that may be on the move at one time; 1 to 4096.</summary>
    public int MaxMovesPerRebalance { get; init; } = 4;

    /// <summary>Time a hand-off may take in all; 6 s to 10 min. A shard itself gets 5 s less.</summary>
    public TimeSpan HandOffTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often every shard is pinged, so that all run with no traffic; 100 ms to 5 min. A shard that was handed off starts elsewhere when it is pinged.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time to get into the cluster before the node gives up; 5 s to 1 h.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time a query of a user may take over the cluster; 10 ms to 1 min.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Largest message between members, bytes; 64 KiB to 8 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 256 * 1024;

    /// <summary>True: a member that was downed or lost its region ends the process (exit code 1) where the host has not done so within 10 s, so that its supervisor starts it again.</summary>
    public bool ExitProcessWhenDowned { get; init; } = true;

    /// <summary>Time between heartbeats, and between looks at who has not sent one.</summary>
    internal TimeSpan HeartbeatInterval => TimeSpan.FromTicks(Math.Min(AcceptableHeartbeatPause.Ticks / 4, TimeSpan.TicksPerSecond));

    /// <summary>Time from the hand-off message until a shard must have stopped.</summary>
    internal TimeSpan ShardHandOffDeadline => HandOffTimeout - TimeSpan.FromSeconds(5);

    /// <summary>Every error of these settings, each with the option's name; empty where all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (SystemName.Length == 0 || !SystemName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || SystemName[0] is '-' or '_')
            yield return $"{nameof(SystemName)} '{SystemName}' must consist of letters, digits, '-' and '_' and begin with a letter or digit";
        if (!IsHost(Hostname)) yield return $"{nameof(Hostname)} '{Hostname}' is not a host name";
        if (PublicHostname is not null && !IsHost(PublicHostname)) yield return $"{nameof(PublicHostname)} '{PublicHostname}' is not a host name";
        if (Port is < 0 or > 65535) yield return $"{nameof(Port)} {Port} is outside 0 to 65535";
        foreach (var seed in SeedNodes)
            if (!TryParseSeed(seed, out _, out _)) yield return $"{nameof(SeedNodes)}: '{seed}' is not host:port";
        if (SeedNodes.Count > 0 && Port == 0) yield return $"{nameof(Port)} must be set where {nameof(SeedNodes)} are";
        if (SeedNodes.Count > 0 && (PublicHostname ?? Hostname) is "0.0.0.0")
            yield return $"{nameof(PublicHostname)} must be set where {nameof(Hostname)} is 0.0.0.0 and {nameof(SeedNodes)} are given";
        if (!Enum.IsDefined(Role)) yield return $"{nameof(Role)} {Role} is neither Worker nor Witness";
        if (Role == NodeRole.Witness && SeedNodes.Count == 0) yield return $"{nameof(SeedNodes)} must be set for a witness: alone it has nothing to arbitrate";
        if (Partitions is < 1 or > 4096) yield return $"{nameof(Partitions)} {Partitions} is outside 1 to 4096";
        if (MaxMovesPerRebalance is < 1 or > 4096) yield return $"{nameof(MaxMovesPerRebalance)} {MaxMovesPerRebalance} is outside 1 to 4096";
        if (MaxFrameBytes is < 65536 or > 8388608) yield return $"{nameof(MaxFrameBytes)} {MaxFrameBytes} is outside 65536 to 8388608";
        foreach (var (name, value, low, high) in Durations())
            if (value < low || value > high) yield return $"{name} {value} is outside {low} to {high}";
    }

    /// <summary>Splits "host:port".</summary>
    internal static bool TryParseSeed(string seed, out string host, out int port)
    {
        var colon = seed.LastIndexOf(':');
        host = colon > 0 ? seed[..colon] : "";
        port = 0;
        return colon > 0 && IsHost(host) && int.TryParse(seed.AsSpan(colon + 1), out port) && port is > 0 and <= 65535;
    }

    private static bool IsHost(string host) => Uri.CheckHostName(host) != UriHostNameType.Unknown;

    private IEnumerable<(string Name, TimeSpan Value, TimeSpan Low, TimeSpan High)> Durations()
    {
        static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
        yield return (nameof(StableAfter), StableAfter, S(1), S(300));
        yield return (nameof(DownRemovalMargin), DownRemovalMargin, S(0), S(300));
        yield return (nameof(DownAllWhenUnstableFor), DownAllWhenUnstableFor, S(5), S(600));
        yield return (nameof(AcceptableHeartbeatPause), AcceptableHeartbeatPause, S(1), S(60));
        yield return (nameof(RebalanceInterval), RebalanceInterval, S(0.5), S(300));
        yield return (nameof(HandOffTimeout), HandOffTimeout, S(6), S(600));
        yield return (nameof(KeepAliveInterval), KeepAliveInterval, S(0.1), S(300));
        yield return (nameof(JoinTimeout), JoinTimeout, S(5), S(3600));
        yield return (nameof(QueryTimeout), QueryTimeout, S(0.01), S(60));
    }
}

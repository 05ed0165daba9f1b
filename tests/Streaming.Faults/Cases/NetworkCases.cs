namespace Streaming.Faults.Cases;

/// <summary>Cases in which members of the cluster do not hear each other.</summary>
internal static class NetworkCases
{
    private const int EventsPerSecond = 40, Rounds = 4, SupervisedRounds = 3;
    private const string OneOwner = "; nobody commits what another took over", Together = "; all partitions run again after it is healed";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. NodeCases.InBothStores("b3-isolated", (name, store) => Split(name, "B3", SplitShape.Isolated, "of two workers and a witness one worker is cut off from both others, both ways, in turn", "; the others take its partitions over, median at most 10 s; it ends by itself", store: store)),
        Split("b3-isolated-late", "B1 B3", SplitShape.Isolated, "one worker is cut off from the other and the witness, and decides 30 s late: until their heir fences them its shards go on, as if it were still a member", "; the others take its partitions over, median at most 10 s; the former owner is fenced", decidesAfterSeconds: 30),
        Split("b3-one-way", "B3", SplitShape.OneWay, "of two workers and a witness what one worker sends to both others is lost, in turn; what they send arrives", "; the others take its partitions over, median at most 10 s; it ends by itself"),
        Split("b3-partial", "B3", SplitShape.Partial, "two workers are cut off from each other, both hear the witness", ""),
        Split("b3-partial-supervised", "B3 B9", SplitShape.Partial, "two workers are cut off from each other for 40 s longer than it takes to decide; members that end are started again while it lasts", "", supervisedSeconds: 40),
        .. NodeCases.InBothStores("b4-half", (name, store) => Split(name, "B4", SplitShape.Half, "of two workers and two witnesses a worker and a witness are cut off from the other two", "; the half with the lowest address takes over, median at most 10 s; the other ends by itself", store: store)),
    ];

    private static SplitCase Split(string name, string covers, SplitShape shape, string inject, string decides, int? decidesAfterSeconds = null, int supervisedSeconds = 0, StoreKind store = StoreKind.Sqlite) => new()
    {
        Name = name,
        Covers = covers,
        Store = store,
        Shape = shape,
        Rounds = supervisedSeconds > 0 ? SupervisedRounds : Rounds,
        WorkersDecideAfterSeconds = decidesAfterSeconds,
        SupervisedSeconds = supervisedSeconds,
        EventsPerSecond = EventsPerSecond,
        Inject = inject,
        Invariant = CaseList.Oracle + decides + (shape == SplitShape.Partial ? "" : OneOwner) + Together,
    };
}

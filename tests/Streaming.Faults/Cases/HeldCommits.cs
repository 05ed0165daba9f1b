using System.Globalization;
using Streaming.Faults.Net;

namespace Streaming.Faults.Cases;

/// <summary>Commits that a case holds back, one after the other, and what became of each.</summary>
/// <param name="run">The case.</param>
/// <param name="proxy">Holds them.</param>
/// <param name="holdMs">Least and most time that one is held, ms.</param>
/// <param name="cutsClient">Whether the client loses its connection at once; otherwise it waits until its own limit.</param>
internal sealed class HeldCommits(CaseRun run, EndTxnProxy proxy, (double Least, double Most) holdMs, bool cutsClient)
{
    /// <summary>Longer than the client waits. librdkafka looks once a second for requests that are past their time (socket.timeout.ms, 2 s here), and then connects anew.</summary>
    public static readonly (double Least, double Most) BeyondClientMs = (3300, 6000);

    private readonly List<HeldOutcome> _outcomes = [];

    /// <summary>Commits held.</summary>
    public int Count => _outcomes.Count;

    /// <summary>Of them those that the client had given up before they were let go, and that the broker answered: these are the faults of the case.</summary>
    public int Counted => _outcomes.Count(o => o.Counts);

    /// <summary>Settings of the engine: its client's limits, short, so that many faults fit into little time.</summary>
    public static IEnumerable<string> Settings(int transactionTimeoutMs) =>
        ["--set", $"Kafka:TransactionTimeoutMs={transactionTimeoutMs.ToString(CultureInfo.InvariantCulture)}", "--set", $"Kafka:MessageTimeoutMs={transactionTimeoutMs.ToString(CultureInfo.InvariantCulture)}"];

    /// <summary>Holds the next commit back, and waits until the broker has judged it.</summary>
    /// <returns>What became of it; null where none came by within the limit.</returns>
    public async Task<HeldOutcome?> NextAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var number = Count + 1;
        var time = TimeSpan.FromMilliseconds(holdMs.Least + (run.Random.NextDouble() * (holdMs.Most - holdMs.Least)));
        var hold = proxy.HoldNext(time, cutsClient);
        try
        {
            var request = await hold.Begun.WaitAsync(limit, cancellation);
            var outcome = await hold.Ended.WaitAsync(time + limit, cancellation);
            _outcomes.Add(outcome);
            var text = string.Create(CultureInfo.InvariantCulture, $"hold {number}: {request.TransactionalId} epoch {request.Epoch} held {time.TotalMilliseconds:0} ms, let go {Tell(outcome.State)}: {outcome.AnswerName}");
            if (outcome.Counts) run.Fault(text);
            else run.Log(text + " (does not count)");
            return outcome;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Puts into the result how far the client had gone on each time, and what the broker answered.</summary>
    public void Tell()
    {
        run.Figures["EndTxn requests seen"] = proxy.Seen;
        run.Figures["commits held"] = Count;
        run.Figures["released after the client gave up, and answered"] = Counted;
        foreach (var answer in _outcomes.GroupBy(o => o.AnswerName).OrderBy(g => g.Key, StringComparer.Ordinal)) run.Figures[$"released and {Answered(answer.Key)}"] = answer.Count();
        foreach (var state in _outcomes.GroupBy(o => o.State).OrderBy(g => g.Key))
        {
            run.Figures[$"released {Tell(state.Key)}"] = state.Count();
            foreach (var answer in state.GroupBy(o => o.AnswerName).OrderBy(g => g.Key, StringComparer.Ordinal)) run.Figures[$"released {Tell(state.Key)} and {Answered(answer.Key)}"] = answer.Count();
        }
    }

    private static string Answered(string answer) => answer == HeldOutcome.NoAnswer ? "not answered" : $"answered {answer}";

    private static string Tell(HeldState state) => state switch
    {
        HeldState.NewerEpoch => "after a newer epoch",
        HeldState.Repeated => "after another EndTxn of the epoch",
        HeldState.Closed => "after the client closed the connection",
        _ => "before the client went on",
    };
}

using Streaming.Simulation.Checks;

namespace Streaming.Simulation.Command;

/// <summary>Runs many seeds, several at a time: each seed on one thread from its beginning to its end.</summary>
/// <param name="from">First seed.</param>
/// <param name="count">How many.</param>
/// <param name="threads">How many at a time.</param>
/// <param name="classes">Classes of faults.</param>
/// <param name="isWanted">Seeds that count; null: all.</param>
/// <param name="goesOn">Whether a seed goes on after its first finding, so that every checker is asked.</param>
internal sealed class SeedRange(long from, long count, int threads, FaultClasses classes = FaultClasses.Usual, Func<long, bool>? isWanted = null, bool goesOn = false)
{
    private readonly Lock _lock = new();
    private long _next = from;
    private long _limit = long.MaxValue;
    private long _left = count;

    /// <summary>What all seeds did together.</summary>
    public Stats Stats { get; } = new();

    /// <summary>Seeds that failed, in their order.</summary>
    public SortedDictionary<long, string> Failures { get; } = [];

    /// <summary>Checkers that spoke: the first seed, what it was told of it, and of how many seeds they spoke.</summary>
    public SortedDictionary<Checker, (long Seed, string Finding, int Seeds)> Spoke { get; } = [];

    /// <summary>Runs them. Where the first failure is enough, no seed after it is begun.</summary>
    /// <param name="isFirstEnough">Stop at the lowest failing seed.</param>
    /// <param name="done">Called after each seed with the number of seeds done.</param>
    public void Run(bool isFirstEnough, Action<long>? done = null)
    {
        long ended = 0;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (Take() is { } seed)
            {
                Note(SimulationRun.Run(seed, classes, goesOn: goesOn), isFirstEnough);
                lock (_lock) done?.Invoke(++ended);
            }
        })).ToArray();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
    }

    private long? Take()
    {
        lock (_lock)
        {
            while (isWanted?.Invoke(_next) == false) _next++;
            return _next < _limit && _left-- > 0 ? _next++ : null;
        }
    }

    private void Note(Verdict verdict, bool isFirstEnough)
    {
        lock (_lock)
        {
            Stats.Add(verdict.Stats);
            if (verdict.Failure is null) return;
            Failures.Add(verdict.Seed, verdict.Failure);
            foreach (var (checker, finding) in verdict.Spoke)
            {
                var (seed, text, seeds) = Spoke.GetValueOrDefault(checker, (long.MaxValue, "", 0));
                Spoke[checker] = verdict.Seed < seed ? (verdict.Seed, finding, seeds + 1) : (seed, text, seeds + 1);
            }

            if (isFirstEnough) _limit = Math.Min(_limit, verdict.Seed);
        }
    }
}

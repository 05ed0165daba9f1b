namespace Streaming.Core.Items;

/// <summary>
/// What one user may add on one day: each (user, thing) once, and a budget of pairs. Bounded: two generations of remembered hashes; when the younger is full
/// the older is forgotten, so memory never grows and only a flood larger than a generation could count something twice.
/// </summary>
internal sealed class DailyCaps(int entries, int pairsPerUserDay)
{
    private const long DayMs = 86_400_000;
    private HashSet<ulong> _young = [];
    private HashSet<ulong> _old = [];
    private Dictionary<ulong, int> _youngBudgets = [];
    private Dictionary<ulong, int> _oldBudgets = [];

    /// <summary>Hashes remembered.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>True the first time for a user, day and thing.</summary>
    public bool First(ulong user, long atMs, ulong thing)
    {
        var key = Mix(Mix(user, (ulong)Day(atMs)), thing);
        if (_old.Contains(key) || !_young.Add(key)) return false;
        if (_young.Count < entries) return true;
        (_young, _old) = (_old, _young);
        _young.Clear();
        return true;
    }

    /// <summary>Takes one pair of the user's budget of the day; false where it is spent.</summary>
    public bool Spend(ulong user, long atMs)
    {
        var key = Mix(user, (ulong)Day(atMs));
        if (!_youngBudgets.TryGetValue(key, out var spent)) _oldBudgets.TryGetValue(key, out spent);
        if (spent >= pairsPerUserDay) return false;
        _youngBudgets[key] = spent + 1;
        if (_youngBudgets.Count < Math.Max(1024, entries / 16)) return true;
        (_youngBudgets, _oldBudgets) = (_oldBudgets, _youngBudgets);
        _youngBudgets.Clear();
        return true;
    }

    /// <summary>Joins two hashes; order matters.</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a ^ 0xa0761d6478bd642f, b ^ 0xe7037ed1a0b428db, out var low);
        return high ^ low;
    }

    /// <summary>Everything remembered, for saving: the younger generation, then the older.</summary>
    public (IReadOnlyCollection<ulong> Young, IReadOnlyCollection<ulong> Old) Stored => (_young, _old);

    /// <summary>Puts a stored hash back.</summary>
    public void Restore(ulong key, bool young) => (young ? _young : _old).Add(key);

    /// <summary>Budgets spent, for saving.</summary>
    public IEnumerable<(ulong Key, int Spent, bool Young)> StoredBudgets() =>
        _youngBudgets.Select(b => (b.Key, b.Value, true)).Concat(_oldBudgets.Select(b => (b.Key, b.Value, false)));

    /// <summary>Puts a stored budget back.</summary>
    public void RestoreBudget(ulong key, int spent, bool young) => (young ? _youngBudgets : _oldBudgets)[key] = spent;

    private static long Day(long atMs) => atMs >= 0 ? atMs / DayMs : -1 - ((-1 - atMs) / DayMs);
}

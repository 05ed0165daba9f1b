namespace Streaming.Training.Experiments;

/// <summary>Outcomes of one arm so far, one a user: all that a look needs. Totals of days and nodes add up.</summary>
/// <param name="Users">Users whose outcome is known.</param>
/// <param name="Sum">Sum of outcomes: 0 or 1, or amounts.</param>
/// <param name="Squares">Sum of their squares.</param>
public readonly record struct ArmTotals(long Users, double Sum, double Squares)
{
    /// <summary>Of outcomes that are 0 or 1.</summary>
    public static ArmTotals OfProportion(long users, long successes) => new(users, successes, successes);

    /// <summary>Mean; NaN without users.</summary>
    public double Mean => Sum / Users;

    /// <summary>Variance of one outcome, unbiased; NaN with fewer than two users.</summary>
    public double Variance => Users < 2 ? double.NaN : Math.Max(0, Squares - (Sum * Sum / Users)) / (Users - 1);

    /// <summary>One more outcome.</summary>
    public ArmTotals With(double outcome) => new(Users + 1, Sum + outcome, Squares + (outcome * outcome));

    /// <summary>Both together.</summary>
    public ArmTotals With(ArmTotals other) => new(Users + other.Users, Sum + other.Sum, Squares + other.Squares);
}

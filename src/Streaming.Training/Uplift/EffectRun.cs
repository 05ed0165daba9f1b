namespace Streaming.Training.Uplift;

/// <summary>What the whole pipeline made of one assignment of treatments.</summary>
/// <param name="Scores">Effect that was expected of each scored row; NaN elsewhere.</param>
/// <param name="Pseudo">Doubly robust outcome of each scored row, whose mean given the customer is the effect; NaN elsewhere.</param>
/// <param name="Statistic">How surely expected effects go along with those seen: covariance over its standard error, means of each fold taken out.</param>
/// <param name="Slope">Effect seen for one unit of effect expected; 1 is calibrated, NaN where nothing but a constant was expected.</param>
/// <param name="Spread">Standard deviation of the effects between customers that the scores explain, outcome units: a lower bound of the whole, as estimated.</param>
/// <param name="Models">Learner chosen, and its coefficients, for each tested fold.</param>
internal sealed record EffectRun(double[] Scores, double[] Pseudo, double Statistic, double Slope, double Spread, IReadOnlyList<(string Name, double[] Coefficients)> Models);

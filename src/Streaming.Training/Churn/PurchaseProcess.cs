namespace Streaming.Training.Churn;

/// <summary>A model of when customers buy, with four parameters for the whole shop. Time unit: weeks.</summary>
public abstract class PurchaseProcess
{
    /// <summary>Parameters by name.</summary>
    public abstract IReadOnlyDictionary<string, double> Parameters { get; }

    /// <summary>ln of the likelihood of one customer's purchases up to the time of looking.</summary>
    public abstract double LogLikelihood(BuyerSummary customer);

    /// <summary>P(the customer has not left yet).</summary>
    public abstract double Alive(BuyerSummary customer);

    /// <summary>Expected occasions within the next weeks.</summary>
    public abstract double ExpectedPurchases(BuyerSummary customer, double weeks);

    /// <summary>
    /// P(no purchase within the next weeks), exact: seeing the same purchases until later is one event of the model, so that the ratio of the two likelihoods is the conditional probability.
    /// </summary>
    public double NoPurchase(BuyerSummary customer, double weeks) =>
        Math.Clamp(Math.Exp(LogLikelihood(customer.After(weeks)) - LogLikelihood(customer)), 0, 1);

    /// <summary>Sum over customers.</summary>
    public double LogLikelihood(IEnumerable<BuyerSummary> customers) => customers.Sum(LogLikelihood);
}

namespace Streaming.Training.Segments;

/// <summary>Segments as of one fit.</summary>
/// <param name="Scale">Scale of behaviour.</param>
/// <param name="Centres">One a segment.</param>
/// <param name="Names">One a segment, kept over refits.</param>
/// <param name="Rfm">Quintiles.</param>
internal sealed record SegmentModel(BehaviourScale Scale, double[][] Centres, string[] Names, RfmQuintiles Rfm)
{
    /// <summary>How much nearer, in distance, another centre must be before a customer changes: at the border of two segments every refit would move customers to and fro, and each move starts a campaign.</summary>
    public const double Reluctance = 0.25;

    /// <summary>Name of the segment of a customer.</summary>
    /// <param name="customer">Behaviour.</param>
    /// <param name="former">Name of the segment the customer was in; null: none.</param>
    public string Assign(CustomerBehaviour customer, string? former = null)
    {
        var point = Scale.Point(customer);
        var nearest = KMeans.Nearest(point, Centres);
        var stays = former is null ? -1 : Array.IndexOf(Names, former);
        if (stays < 0) return Names[nearest];
        return Math.Sqrt(KMeans.Squared(point, Centres[stays])) <= (1 + Reluctance) * Math.Sqrt(KMeans.Squared(point, Centres[nearest])) ? former! : Names[nearest];
    }
}

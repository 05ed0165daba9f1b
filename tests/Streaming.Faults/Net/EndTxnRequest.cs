namespace Streaming.Faults.Net;

/// <summary>A request that ends a transaction.</summary>
internal sealed record EndTxnRequest(string TransactionalId, long ProducerId, short Epoch, bool IsCommit)
{
    private const short LastVersion = 5, FirstFlexible = 3;

    /// <summary>Reads a whole frame, its length in front.</summary>
    /// <exception cref="InvalidDataException">A version that is not known here, or a frame that ends early.</exception>
    public static EndTxnRequest Parse(KafkaFrame frame)
    {
        if (frame.ApiVersion is < 0 or > LastVersion) throw new InvalidDataException($"EndTxn in version {frame.ApiVersion}");
        var fields = KafkaFields.OfRequest(frame.Bytes, IsFlexible(frame.ApiVersion));
        return new EndTxnRequest(fields.Text() ?? "", fields.Int64(), fields.Int16(), fields.Byte() != 0);
    }

    /// <summary>Whether a version of the request, and of its response, has varints and tagged fields.</summary>
    public static bool IsFlexible(short version) => version >= FirstFlexible;

    /// <summary>Whether both end a transaction of the same epoch.</summary>
    public bool IsOfSameEpoch(EndTxnRequest other) => TransactionalId == other.TransactionalId && ProducerId == other.ProducerId && Epoch == other.Epoch;
}

namespace Streaming.Faults.Net;

/// <summary>A request for an epoch of a transactional id; without one where the producer is only idempotent.</summary>
internal sealed record InitProducerIdRequest(string? TransactionalId)
{
    private const short LastVersion = 6, FirstFlexible = 2;

    /// <summary>Reads a whole frame, its length in front.</summary>
    /// <exception cref="InvalidDataException">A version that is not known here, or a frame that ends early.</exception>
    public static InitProducerIdRequest Parse(KafkaFrame frame)
    {
        if (frame.ApiVersion is < 0 or > LastVersion) throw new InvalidDataException($"InitProducerId in version {frame.ApiVersion}");
        return new InitProducerIdRequest(KafkaFields.OfRequest(frame.Bytes, IsFlexible(frame.ApiVersion)).Text());
    }

    /// <summary>Whether a version of the request, and of its response, has varints and tagged fields.</summary>
    public static bool IsFlexible(short version) => version >= FirstFlexible;
}

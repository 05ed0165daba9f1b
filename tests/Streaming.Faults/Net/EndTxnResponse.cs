namespace Streaming.Faults.Net;

/// <summary>The coordinator's answer to <see cref="EndTxnRequest"/>. Version 5 adds the producer's next epoch, which nobody here needs.</summary>
internal sealed record EndTxnResponse(short ErrorCode)
{
    /// <summary>Reads a whole frame, its length in front.</summary>
    /// <param name="frame">The response.</param>
    /// <param name="version">Version of the request: a response does not say it.</param>
    /// <exception cref="InvalidDataException">A frame that ends early.</exception>
    public static EndTxnResponse Parse(KafkaFrame frame, short version)
    {
        var fields = KafkaFields.OfResponse(frame.Bytes, EndTxnRequest.IsFlexible(version));
        _ = fields.Int32(); // how long the client is to wait
        return new EndTxnResponse(fields.Int16());
    }
}

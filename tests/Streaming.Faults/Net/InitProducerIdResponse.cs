namespace Streaming.Faults.Net;

/// <summary>The coordinator's answer to <see cref="InitProducerIdRequest"/>.</summary>
internal sealed record InitProducerIdResponse(short ErrorCode, long ProducerId, short Epoch)
{
    /// <summary>Reads a whole frame, its length in front.</summary>
    /// <param name="frame">The response.</param>
    /// <param name="version">Version of the request: a response does not say it.</param>
    /// <exception cref="InvalidDataException">A frame that ends early.</exception>
    public static InitProducerIdResponse Parse(KafkaFrame frame, short version)
    {
        var fields = KafkaFields.OfResponse(frame.Bytes, InitProducerIdRequest.IsFlexible(version));
        _ = fields.Int32(); // how long the client is to wait
        return new InitProducerIdResponse(fields.Int16(), fields.Int64(), fields.Int16());
    }
}

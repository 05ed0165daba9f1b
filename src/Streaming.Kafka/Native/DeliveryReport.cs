namespace Streaming.Kafka.Native;

/// <summary>What became of a record.</summary>
/// <param name="Code">Error, or 0.</param>
/// <param name="Opaque">What was given along with it.</param>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset that it has there.</param>
/// <param name="TimestampMs">The broker's, ms since 1970.</param>
internal readonly record struct DeliveryReport(int Code, nint Opaque, int Partition, long Offset, long TimestampMs);

namespace Streaming.Kafka.Topics;

/// <summary>Which topic a name means now.</summary>
/// <param name="Id">The broker's id of it, kept over its whole life; empty where the broker gives none.</param>
/// <param name="Partitions">How many partitions it has.</param>
public readonly record struct TopicIdentity(string Id, int Partitions);

namespace Streaming.Host.Audit;

/// <summary>Where an audit stands.</summary>
/// <param name="Stage">fold, compare, outputs or done.</param>
/// <param name="Partition">Partition at work.</param>
/// <param name="Partitions">Number of partitions.</param>
/// <param name="Events">Events read so far, all partitions.</param>
/// <param name="Seconds">Time since the start.</param>
public sealed record AuditProgress(string Stage, int Partition, int Partitions, long Events, double Seconds);

namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench nodes</c>; the keys are fixed.</summary>
/// <param name="Events">Events that count.</param>
/// <param name="Counts">Figures by number of nodes, in the order they were measured.</param>
public sealed record NodesBenchResult(int Events, IReadOnlyList<NodesFigures> Counts);

/// <summary>Figures of one number of nodes.</summary>
/// <param name="Nodes">Nodes, each a process, together one cluster.</param>
/// <param name="CpuMicrosecondsPerEvent">Processor time of all nodes from the first event written to all folded, committed and durable, an event.</param>
/// <param name="Ratio">That as a multiple of the first number's.</param>
/// <param name="StartProcessorSeconds">Processor time of all nodes before the events: start of the processes, the catalogue read into each one's item index, joining, taking over.</param>
/// <param name="IdleCpuShare">Processor time of all nodes a second with no event, in processors, after the warm-up: what of the figure goes by time and not by event.</param>
/// <param name="Seconds">From the first event written to all durable.</param>
/// <param name="MostShards">Shards of the node that runs most of them.</param>
public sealed record NodesFigures(int Nodes, double CpuMicrosecondsPerEvent, double Ratio, double StartProcessorSeconds, double IdleCpuShare, double Seconds, int MostShards);

namespace Streaming.Host.Bench;

/// <summary>What one event or one row costs.</summary>
/// <param name="Microseconds">On the clock, µs.</param>
/// <param name="ProcessorMicroseconds">Of processor, all threads of the process, µs.</param>
public readonly record struct CostOfOne(double Microseconds, double ProcessorMicroseconds);

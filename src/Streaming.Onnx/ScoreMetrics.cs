using System.Diagnostics.Metrics;
using Streaming.Core;

namespace Streaming.Onnx;

/// <summary>Instruments of stage Score.</summary>
internal static class ScoreMetrics
{
    /// <summary>Seconds of one model run.</summary>
    public static readonly Histogram<double> RunSeconds = EngineMeter.Meter.CreateHistogram<double>("streaming_score_run_seconds", "s", "Time of one model run",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] });

    /// <summary>Rows of one model run.</summary>
    public static readonly Histogram<int> BatchRows = EngineMeter.Meter.CreateHistogram<int>("streaming_score_batch_rows", "{row}", "Rows joined into one model run",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 16, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384] });

    /// <summary>Requests joined into one model run.</summary>
    public static readonly Histogram<int> BatchRequests = EngineMeter.Meter.CreateHistogram<int>("streaming_score_batch_requests", "{request}", "Requests joined into one model run",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });

    /// <summary>Rows waiting.</summary>
    public static readonly UpDownCounter<int> QueueRows = EngineMeter.Meter.CreateUpDownCounter<int>("streaming_score_queue_rows", "{row}", "Rows waiting for a model run");

    /// <summary>Requests by outcome: scored, no_model, shed, deadline, failed.</summary>
    public static readonly Counter<long> Requests = EngineMeter.Meter.CreateCounter<long>("streaming_score_requests_total", "{request}", "Requests for scores by outcome");

    /// <summary>Scores that were NaN or infinite.</summary>
    public static readonly Counter<long> NonFiniteOutputs = EngineMeter.Meter.CreateCounter<long>("streaming_score_nonfinite_outputs_total", "{row}", "Rows to which the model gave no finite score");

    /// <summary>Features that were NaN or infinite, set to 0.</summary>
    public static readonly Counter<long> NonFiniteInputs = EngineMeter.Meter.CreateCounter<long>("streaming_score_nonfinite_inputs_total", "{value}", "Features that were not finite and were set to 0");

    /// <summary>Model runs that failed.</summary>
    public static readonly Counter<long> RunFailures = EngineMeter.Meter.CreateCounter<long>("streaming_score_run_failures_total", "{run}", "Model runs that failed");

    /// <summary>Attempts to load a model by result: loaded, refused.</summary>
    public static readonly Counter<long> Loads = EngineMeter.Meter.CreateCounter<long>("streaming_model_loads_total", "{load}", "Attempts to load a model by result");

    /// <summary>Models built anew on the CPU because their runs failed on a GPU.</summary>
    public static readonly Counter<long> CpuFallBacks = EngineMeter.Meter.CreateCounter<long>("streaming_model_cpu_fall_backs_total", "{model}", "Models built anew on the CPU because their runs failed on a GPU");

    /// <summary>Native sessions alive.</summary>
    public static readonly UpDownCounter<int> Sessions = EngineMeter.Meter.CreateUpDownCounter<int>("streaming_model_sessions", "{session}", "Native model sessions alive");

    private static readonly Lock Gate = new();
    private static readonly List<Func<ModelStatus>> Statuses = [];

    static ScoreMetrics() => EngineMeter.Meter.CreateObservableGauge("streaming_model_info", Infos, "{model}", "1 for each model in force, with the execution provider that is really in use");

    /// <summary>Publishes a scorer's status until the result is disposed.</summary>
    public static IDisposable Publish(Func<ModelStatus> status)
    {
        lock (Gate) Statuses.Add(status);
        return new Published(status);
    }

    private static List<Measurement<int>> Infos()
    {
        lock (Gate)
        {
            return [.. Statuses.Select(s => s()).Where(s => s.Provider is not null).Select(s => new Measurement<int>(1,
                new("model", s.Name), new("version", s.Version), new("provider", s.Provider!.Value.WireName()), new("requested", s.Requested.WireName())))];
        }
    }

    private sealed class Published(Func<ModelStatus> status) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate) Statuses.Remove(status);
        }
    }
}

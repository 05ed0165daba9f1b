using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Score;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Streaming.Host.Bench;

/// <summary>The floor of <c>bench score</c>: one native session with the scorer's session settings, its buffers bound once, run again and again. Nothing of the engine's stage is in it.</summary>
internal sealed class BareRanker : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputNames, _outputNames;
    private readonly OrtValue[] _inputs, _outputs;
    private readonly float[] _scores;

    /// <summary>Opens the ranker of a folder on the processor.</summary>
    /// <param name="folder">Folder of the ranker, which the scorer has accepted.</param>
    /// <param name="features">Rows of features; as many as one run takes.</param>
    /// <param name="rows">Their number.</param>
    public BareRanker(string folder, float[] features, int rows)
    {
        var manifest = ModelManifestJson.Read(File.ReadAllBytes(Path.Combine(folder, ModelManifest.FileName)));
        using var settings = Settings();
        _session = new InferenceSession(Path.Combine(folder, manifest.File), settings);
        _scores = new float[rows];
        (_inputNames, _outputNames) = ([manifest.Inputs[0].Name], [manifest.Outputs[0].Name]);
        _inputs = [OrtValue.CreateTensorValueFromMemory(features, [rows, RankerFeatures.Count])];
        _outputs = [OrtValue.CreateTensorValueFromMemory(_scores, manifest.Outputs[0].Shape.Count == 2 ? [rows, 1] : [rows])];
    }

    /// <summary>Scores of the last run.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    /// <summary>Scores all rows once.</summary>
    public void Run() => _session.Run(_run, _inputNames, _inputs, _outputNames, _outputs);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in (OrtValue[])[.. _inputs, .. _outputs]) value.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    // Those of the scorer (SessionFactory), so that the difference is the stage alone.
    private static SessionOptions Settings()
    {
        var settings = new SessionOptions
        {
            IntraOpNumThreads = 1, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return settings;
    }
}

using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>
/// A native session with its buffers: filled in place, run, read in place. Not for two threads at once. Everything native is freed by <see cref="Dispose"/>.
/// </summary>
public sealed unsafe class LoadedModel : IDisposable
{
    private const int Alignment = 64;
    private static int _live;

    private readonly InferenceSession _session;
    private readonly PrivateFiles _files;
    private readonly RunOptions _runOptions = new();
    private readonly bool _outputIsMatrix;
    private readonly string[] _inputNames = [RankerContract.Input], _outputNames = [RankerContract.Output];
    private readonly OrtValue[] _inputs = new OrtValue[1], _outputs = new OrtValue[1];
    private float* _features, _scores;
    private int _shapedRows;

    internal LoadedModel(InferenceSession session, PrivateFiles files, ModelManifest manifest, ExecutionProvider provider, string? providerNote, bool outputIsMatrix, int maxRows)
    {
        _session = session;
        _files = files;
        _outputIsMatrix = outputIsMatrix;
        Manifest = manifest;
        Provider = provider;
        ProviderNote = providerNote;
        MaxRows = maxRows;
        _features = (float*)NativeMemory.AlignedAlloc((nuint)maxRows * (nuint)RankerFeatures.Count * sizeof(float), Alignment);
        _scores = (float*)NativeMemory.AlignedAlloc((nuint)maxRows * sizeof(float), Alignment);
        Features.Clear();
        Interlocked.Increment(ref _live);
        ScoreMetrics.Sessions.Add(1);
    }

    /// <summary>Sessions alive in this process.</summary>
    public static int Live => Volatile.Read(ref _live);

    /// <summary>The model's contract.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Name and version, as outputs carry it.</summary>
    public string Version => Manifest.Name + "/" + Manifest.Version;

    /// <summary>The provider that runs the whole graph.</summary>
    public ExecutionProvider Provider { get; }

    /// <summary>Why auto did not take a GPU it tried; else null.</summary>
    public string? ProviderNote { get; }

    /// <summary>What of the model's external data could not be removed from the temporary folder; null where nothing was left.</summary>
    public string? LeftFilesNote => _files.Note;

    /// <summary>Most rows of one run.</summary>
    public int MaxRows { get; }

    /// <summary>Where features go: row-major [<see cref="MaxRows"/>, F].</summary>
    internal Span<float> Features => new(_features, MaxRows * RankerFeatures.Count);

    /// <summary>Where scores are after <see cref="Run"/>.</summary>
    internal ReadOnlySpan<float> Scores => new(_scores, MaxRows);

    /// <summary>Scores the first rows of <see cref="Features"/> into <see cref="Scores"/>.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed; the session stays usable.</exception>
    internal void Run(int rows)
    {
        ObjectDisposedException.ThrowIf(_features is null, this);
        if (rows != _shapedRows) Shape(rows);
        _session.Run(_runOptions, _inputNames, _inputs, _outputNames, _outputs);
    }

    /// <summary>Makes a run under way fail as soon as it is between two operators; later ones fail at once. From any thread.</summary>
    internal void Stop() => _runOptions.Terminate = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_features is null) return;
        Unshape();
        _runOptions.Dispose();
        _session.Dispose();
        _files.Dispose();
        NativeMemory.AlignedFree(_features);
        NativeMemory.AlignedFree(_scores);
        _features = _scores = null;
        Interlocked.Decrement(ref _live);
        ScoreMetrics.Sessions.Add(-1);
    }

    /// <summary>Views of the same buffers with another number of rows.</summary>
    private void Shape(int rows)
    {
        Unshape();
        var memory = OrtMemoryInfo.DefaultInstance;
        long width = RankerFeatures.Count;
        _inputs[0] = OrtValue.CreateTensorValueWithData(memory, TensorElementType.Float, [rows, width], (nint)_features, rows * width * sizeof(float));
        _outputs[0] = OrtValue.CreateTensorValueWithData(memory, TensorElementType.Float, _outputIsMatrix ? [rows, 1] : [rows], (nint)_scores, (long)rows * sizeof(float));
        _shapedRows = rows;
    }

    private void Unshape()
    {
        _shapedRows = 0;
        _inputs[0]?.Dispose();
        _outputs[0]?.Dispose();
        _inputs[0] = _outputs[0] = null!;
    }
}

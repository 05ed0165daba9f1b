using Microsoft.Extensions.Logging;
using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>The scorer of a node with its watched model folder: what a host creates, hands to the shards as <see cref="IScorer"/>, and disposes.</summary>
public sealed class ScoringService : IAsyncDisposable
{
    private readonly OnnxScorer _scorer;
    private readonly ModelWatcher? _watcher;

    private ScoringService(OnnxScorer scorer, ModelWatcher? watcher)
    {
        _scorer = scorer;
        _watcher = watcher;
    }

    /// <summary>The scorer.</summary>
    public IScorer Scorer => _scorer;

    /// <summary>Model in force, provider in use, last refusal.</summary>
    public ModelStatus Status => _scorer.Status;

    /// <summary>Starts the service and loads the model, if the folder has one; a refused model leaves the service without one and says so in <see cref="Status"/>.</summary>
    /// <exception cref="Streaming.Core.Errors.ModelRefusedException">The execution provider asked for by name is not in this build or machine, or the signing key is none.</exception>
    public static ScoringService Start(OnnxScorerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var logger = loggers.CreateLogger("Streaming.Score");
        ModelSignature.RequireKey(options.SigningKeyFile);
        var scorer = new OnnxScorer(options, time, logger);
        if (options.ModelFolder.Length == 0) return new ScoringService(scorer, null);
        var watcher = new ModelWatcher(scorer, options, logger);
        watcher.LoadNow();
        watcher.Start();
        return new ScoringService(scorer, watcher);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_watcher is not null) await _watcher.DisposeAsync();
        _scorer.Dispose();
    }
}

using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Score;
using Streaming.Core.Shard;

namespace Streaming.Onnx;

/// <summary>
/// Keeps a scorer on the model of a folder. A change is taken up once two looks in a row see the same files, so that a model and a manifest that are put there one
/// after the other, or written slowly, are not read half. File notices make it fast, polling makes it sure (they are lost on some mounts).
/// </summary>
public sealed class ModelWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly OnnxScorer _scorer;
    private readonly OnnxScorerOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _noticed = new(0, 1);
    private readonly Func<string, OnnxScorerOptions, LoadedModel> _load;
    private FileSystemWatcher? _notices;
    private string? _gpuFailed; // the version whose runs failed
    private Task _watching = Task.CompletedTask;
    private string _tried = "";

    /// <summary>Prepares a watcher; <see cref="LoadNow"/> and <see cref="Start"/> do the work.</summary>
    public ModelWatcher(OnnxScorer scorer, OnnxScorerOptions options, ILogger logger) : this(scorer, options, logger, ModelLoader.Load)
    {
    }

    internal ModelWatcher(OnnxScorer scorer, OnnxScorerOptions options, ILogger logger, Func<string, OnnxScorerOptions, LoadedModel> load)
    {
        _load = load;
        _folder = Path.GetFullPath(options.ModelFolder);
        _scorer = scorer;
        _options = options;
        _logger = logger;
        scorer.GpuFailed = model =>
        {
            Volatile.Write(ref _gpuFailed, model.Version);
            Notice();
        };
    }

    /// <summary>Loads what is in the folder now, blocking until it serves.</summary>
    /// <returns>False where it was refused or nothing is there; the scorer's status says why.</returns>
    public bool LoadNow() => TryLoad(Fingerprint(), _options, null);

    /// <summary>Watches from now on.</summary>
    public void Start()
    {
        _notices = Notices();
        _watching = Task.Run(WatchAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _notices?.Dispose();
        await _watching;
        _stop.Dispose();
        _noticed.Dispose();
    }

    private async Task WatchAsync()
    {
        var seen = _tried;
        try
        {
            while (true)
            {
                await _noticed.WaitAsync(Fingerprint() == seen ? _options.PollInterval : Settle, _stop.Token);
                var now = Fingerprint();
                if (now == seen && now != _tried) TryLoad(now, _options, null);
                else if (now == _tried && Interlocked.Exchange(ref _gpuFailed, null) is { } failed && failed == _scorer.ModelVersion) LeaveGpu(failed, now);
                seen = now;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // disposed: the end of watching
        }
    }

    /// <summary>Once a model: what runs on the CPU cannot fail for the GPU's sake, and the next model tries the GPU anew.</summary>
    private void LeaveGpu(string version, string fingerprint)
    {
        var reason = $"{_options.MaxFailedRuns} runs in a row failed on the GPU";
        ScoreMetrics.CpuFallBacks.Add(1);
        OnnxLog.CpuFallBack(_logger, version, reason);
        TryLoad(fingerprint, _options with { ExecutionProvider = ExecutionProvider.Cpu }, reason);
    }

    private bool TryLoad(string fingerprint, OnnxScorerOptions options, string? providerNote)
    {
        _tried = fingerprint;
        if (!File.Exists(Path.Combine(_folder, ModelManifest.FileName)))
        {
            OnnxLog.NoModel(_logger, _folder);
            return false;
        }

        try
        {
            CrashPoint.Hit("A13-model-loading");
            var model = _load(_folder, options);
            CrashPoint.Hit("A13-model-loaded");
            var (version, provider) = (model.Version, model.Provider);
            if (model.ProviderNote is { } note) OnnxLog.NoGpu(_logger, note);
            if (model.LeftFilesNote is { } left) OnnxLog.FilesLeft(_logger, left);
            _scorer.Use(model, providerNote);
            ScoreMetrics.Loads.Add(1, new KeyValuePair<string, object?>("result", "loaded"));
            OnnxLog.ModelLoaded(_logger, version, provider.WireName(), _options.ExecutionProvider.WireName());
            return true;
        }
        catch (ModelRefusedException e)
        {
            ScoreMetrics.Loads.Add(1, new KeyValuePair<string, object?>("result", "refused"));
            _scorer.Refused(e.Message);
            OnnxLog.ModelRefused(_logger, _folder, _scorer.ModelVersion ?? "no model", e.Message);
            return false;
        }
    }

    /// <summary>Final path, size and time of every file, and of the signing key: symbolic links (as Kubernetes mounts use) count as what they point to.</summary>
    private string Fingerprint()
    {
        try
        {
            var files = Directory.Exists(_folder) ? Directory.GetFiles(_folder) : [];
            if (_options.SigningKeyFile.Length > 0) files = [.. files, _options.SigningKeyFile];
            return string.Join('\n', files.Order(StringComparer.Ordinal).Select(Describe));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unreadable: " + e.Message; // being replaced just now; the next look decides
        }
    }

    private static string Describe(string path)
    {
        var file = new FileInfo(path);
        file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        return $"{path} {file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}";
    }

    private FileSystemWatcher? Notices()
    {
        try
        {
            var watcher = new FileSystemWatcher(_folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += Noticed;
            watcher.Created += Noticed;
            watcher.Renamed += Noticed;
            watcher.Deleted += Noticed;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            OnnxLog.PollingOnly(_logger, _folder, e.Message, _options.PollInterval);
            return null;
        }
    }

    private void Noticed(object sender, FileSystemEventArgs e) => Notice();

    private void Notice()
    {
        if (_noticed.CurrentCount > 0) return;
        try
        {
            _noticed.Release();
        }
        catch (SemaphoreFullException)
        {
            // another notice came first: one is enough
        }
        catch (ObjectDisposedException)
        {
            // a notice that was under way while the watcher was disposed
        }
    }
}

namespace Streaming.Onnx;

/// <summary>How scores are made: one service a node.</summary>
public sealed record OnnxScorerOptions
{
    /// <summary>Folder of the ranker (<c>model.onnx</c> and <c>manifest.json</c>), watched for changes; empty: the ranker that is shipped with the program.</summary>
    public string ModelFolder { get; init; } = "";
    /// <summary>PEM file of the public key that must have signed the manifest (<c>manifest.json.sig</c>, ECDSA or RSA over SHA-256); empty: a model need not be signed.</summary>
    public string SigningKeyFile { get; init; } = "";
    /// <summary>Where the model must run; a provider that this build or machine lacks stops the start. See <see cref="Onnx.ExecutionProvider"/>.</summary>
    public ExecutionProvider ExecutionProvider { get; init; } = ExecutionProvider.Auto;
    /// <summary>Runs in a row that may fail on a GPU before auto builds the model anew on the CPU, until another model or a restart comes; 1 to 1,000. A provider asked for by name is kept.</summary>
    public int MaxFailedRuns { get; init; } = 3;
    /// <summary>Index of the GPU, where one is used. 0 to 63.</summary>
    public int DeviceId { get; init; }
    /// <summary>Threads inside one run, 1 to 256. 1 is best while the shards keep the cores busy.</summary>
    public int IntraOpThreads { get; init; } = 1;
    /// <summary>Most rows of one run, 1 to 1,048,576; a larger request is scored in slices.</summary>
    public int MaxBatchRows { get; init; } = 4096;
    /// <summary>How long the first request of a batch waits for others to join, 0 to 100 ms.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(1);
    /// <summary>Most rows that wait; what comes on top is shed. At least <see cref="MaxBatchRows"/>, at most 16,777,216.</summary>
    public int MaxQueuedRows { get; init; } = 65_536;
    /// <summary>How often the model's folder is looked at beside the file system's own notices, 100 ms to 1 h.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Every error of these settings, each with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(ExecutionProvider)) yield return $"{nameof(ExecutionProvider)}: {ExecutionProvider} is none of auto, cuda, tensorrt, webgpu, cpu";
        if (SigningKeyFile.Length > 0 && !File.Exists(SigningKeyFile)) yield return $"{nameof(SigningKeyFile)}: there is no file {SigningKeyFile}";
        if (MaxFailedRuns is < 1 or > 1000) yield return $"{nameof(MaxFailedRuns)}: {MaxFailedRuns} is not within 1 and 1000";
        if (DeviceId is < 0 or > 63) yield return $"{nameof(DeviceId)}: {DeviceId} is not within 0 and 63";
        if (IntraOpThreads is < 1 or > 256) yield return $"{nameof(IntraOpThreads)}: {IntraOpThreads} is not within 1 and 256";
        if (MaxBatchRows is < 1 or > 1_048_576) yield return $"{nameof(MaxBatchRows)}: {MaxBatchRows} is not within 1 and 1048576";
        if (MaxWait < TimeSpan.Zero || MaxWait > TimeSpan.FromMilliseconds(100)) yield return $"{nameof(MaxWait)}: {MaxWait} is not within 0 and 100 ms";
        if (MaxQueuedRows < MaxBatchRows || MaxQueuedRows > 16_777_216) yield return $"{nameof(MaxQueuedRows)}: {MaxQueuedRows} is not within {nameof(MaxBatchRows)} ({MaxBatchRows}) and 16777216";
        if (PollInterval < TimeSpan.FromMilliseconds(100) || PollInterval > TimeSpan.FromHours(1)) yield return $"{nameof(PollInterval)}: {PollInterval} is not within 100 ms and 1 h";
    }
}

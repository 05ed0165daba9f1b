using Microsoft.Extensions.Logging;

namespace Streaming.Onnx;

/// <summary>Log messages of scoring: ids 5000 to 5099.</summary>
internal static partial class OnnxLog
{
    [LoggerMessage(5000, LogLevel.Information, "Score: model {Version} in force on {Provider} (asked for: {Requested})")]
    public static partial void ModelLoaded(ILogger logger, string version, string provider, string requested);

    [LoggerMessage(5001, LogLevel.Error, "Score: model in {Folder} refused, {Kept} stays in force: {Reason}")]
    public static partial void ModelRefused(ILogger logger, string folder, string kept, string reason);

    [LoggerMessage(5002, LogLevel.Error, "Score: a run of model {Version} over {Rows} rows failed")]
    public static partial void RunFailed(ILogger logger, string version, int rows, Exception exception);

    [LoggerMessage(5003, LogLevel.Warning, "Score: no GPU is used: {Reason}")]
    public static partial void NoGpu(ILogger logger, string reason);

    [LoggerMessage(5006, LogLevel.Error, "Score: model {Version} is built anew on the CPU: {Reason}")]
    public static partial void CpuFallBack(ILogger logger, string version, string reason);

    [LoggerMessage(5004, LogLevel.Warning, "Score: file notices of {Folder} are not available ({Reason}); it is polled every {Interval}")]
    public static partial void PollingOnly(ILogger logger, string folder, string reason, TimeSpan interval);

    [LoggerMessage(5005, LogLevel.Warning, "Score: no model in {Folder}; answers fall back until there is one")]
    public static partial void NoModel(ILogger logger, string folder);

    [LoggerMessage(5007, LogLevel.Warning, "Score: a copy of the model's external data stays behind: {Reason}")]
    public static partial void FilesLeft(ILogger logger, string reason);
}

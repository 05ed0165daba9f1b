namespace Streaming.Host.Engine;

/// <summary>Log messages of the host; ids 4000 to 4099.</summary>
internal static partial class HostLog
{
    [LoggerMessage(4000, LogLevel.Information, "Engine starts: kafka {Servers}, store {Store}")]
    public static partial void Starts(ILogger logger, string servers, string store);

    [LoggerMessage(4001, LogLevel.Warning, "The engine could not start yet and tries again in {Seconds} s: {Reason}")]
    public static partial void StartRetried(ILogger logger, double seconds, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Engine runs: {Partitions} partitions, member {Member}")]
    public static partial void Runs(ILogger logger, int partitions, string member);

    [LoggerMessage(4003, LogLevel.Information, "HTTP answers at {Address}")]
    public static partial void HttpAnswers(ILogger logger, Uri address);

    [LoggerMessage(4004, LogLevel.Information, "Drain begins: shards hand off and flush")]
    public static partial void DrainBegins(ILogger logger);

    [LoggerMessage(4005, LogLevel.Information, "Drained in {Seconds} s")]
    public static partial void Drained(ILogger logger, double seconds);

    [LoggerMessage(4006, LogLevel.Error, "The drain did not end within {Seconds} s; what was not flushed is rebuilt from the topics at the next start")]
    public static partial void DrainTooLong(ILogger logger, double seconds);

    [LoggerMessage(4010, LogLevel.Information, "Item index is read: {Items} items, {Sessions} sessions")]
    public static partial void ItemIndexRead(ILogger logger, int items, int sessions);

    [LoggerMessage(4011, LogLevel.Warning, "Reading the item topics was interrupted and begins again where it stood: {Reason}")]
    public static partial void ItemTopicsInterrupted(ILogger logger, string reason);

    [LoggerMessage(4012, LogLevel.Warning, "Record {Topic}-{Partition}@{Offset} was left out of the item index: {Reason}")]
    public static partial void ItemRecordRefused(ILogger logger, string topic, int partition, long offset, string reason);

    [LoggerMessage(4013, LogLevel.Warning, "Shards start although the item index is not read to its end yet")]
    public static partial void ItemIndexNotAwaited(ILogger logger);

    [LoggerMessage(4014, LogLevel.Information, "Item index is loaded from {Path}: {Items} items, {Sessions} sessions")]
    public static partial void ItemIndexLoaded(ILogger logger, string path, int items, int sessions);

    [LoggerMessage(4015, LogLevel.Warning, "The saved item index {Path} is not used, the topics are read from their start: {Reason}")]
    public static partial void ItemIndexNotLoaded(ILogger logger, string path, string reason);

    [LoggerMessage(4016, LogLevel.Warning, "The item index could not be saved to {Path}: {Reason}")]
    public static partial void ItemIndexNotSaved(ILogger logger, string path, string reason);

    [LoggerMessage(4017, LogLevel.Warning, "The item index starts anew because of topic {Topic}: {Why}")]
    public static partial void ItemIndexStartsAnew(ILogger logger, string topic, string why);

    [LoggerMessage(4018, LogLevel.Warning, "API: {Count} records for {Topic} were not acknowledged: {Error}")]
    public static partial void ApiRecordsNotWritten(ILogger logger, int count, string topic, string error);

    [LoggerMessage(4019, LogLevel.Warning, "API: how the pause switch stands could not be read or written: {Reason}")]
    public static partial void PauseNotRead(ILogger logger, string reason);

    [LoggerMessage(4020, LogLevel.Warning, "The broker does not answer: {Reason}")]
    public static partial void BrokerSilent(ILogger logger, string reason);

    [LoggerMessage(4021, LogLevel.Information, "The broker answers again")]
    public static partial void BrokerAnswers(ILogger logger);

    [LoggerMessage(4022, LogLevel.Information, "The HTTP interface below /v1 is off: neither Api:Auth:KeysFile nor Api:Auth:Jwt:Issuer is set")]
    public static partial void ApiIsOff(ILogger logger);
}

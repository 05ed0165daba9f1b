using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Streaming.Kafka.Native;

/// <summary>One librdkafka client with its callbacks. Owners destroy their queues and topics first.</summary>
internal sealed unsafe class NativeClient : IDisposable
{
    private const int ProducerType = 0, ConsumerType = 1, DestroyWithoutConsumerClose = 0x8, PurgeQueueAndInFlight = 0x3;
    private const string InterceptorName = "streaming";
    private const int NotWatched = -1;
    private readonly GCHandle _self;
    private readonly string _role;
    private readonly bool _isProducer;
    private readonly ILogger _logger;
    private readonly string? _servers;
    private int _disposed;
    private int _watching;

    private NativeClient(string role, bool isProducer, IReadOnlyDictionary<string, string> properties, ILogger logger)
    {
        (_role, _isProducer, _logger, _servers) = (role, isProducer, logger, properties.GetValueOrDefault("bootstrap.servers"));
        _self = GCHandle.Alloc(this);
        try
        {
            Handle = Open(properties);
        }
        catch
        {
            _self.Free();
            throw;
        }
    }

    /// <summary>rd_kafka_t.</summary>
    public nint Handle { get; }

    private readonly LogLimit _limit = new(TimeProvider.System);

    /// <summary>Called for the delivery report of every record whose opaque is not 0, and of every failed record.</summary>
    public Action<DeliveryReport>? Delivered { get; set; }

    /// <summary>Called with the API key of every request of a producer that left it whole; from the client's own threads.</summary>
    public Action<short>? Sent { get; set; }

    /// <summary>Called when no broker can be reached; from a poll.</summary>
    public Action? AllBrokersDown { get; set; }

    /// <summary>Called when the client tells of any trouble, a lost connection among it; from a poll.</summary>
    public Action? Troubled { get; set; }

    /// <summary>Called with the time, ms, for which a broker gives the client nothing more because of a quota; from a poll.</summary>
    public Action<int>? Throttled { get; set; }

    /// <summary>Opens a producer.</summary>
    public static NativeClient Producer(string role, IReadOnlyDictionary<string, string> properties, ILogger logger) => new(role, true, properties, logger);

    /// <summary>Opens a consumer whose callbacks are served by <see cref="Rd.ConsumerPoll"/>.</summary>
    public static NativeClient Consumer(string role, IReadOnlyDictionary<string, string> properties, ILogger logger)
    {
        var client = new NativeClient(role, false, properties, logger);
        _ = Rd.PollSetConsumer(client.Handle);
        return client;
    }

    /// <summary>
    /// Tells the client the bootstrap addresses once more. A broker that has just started may answer with topics and no broker at all; the client then throws away every one that it knew, the bootstrap addresses too, and
    /// asks nobody any more (librdkafka issue 5301): no broker is down for it, so that it says nothing of it either.
    /// </summary>
    public void FindBrokersAgain()
    {
        if (_servers is null) return;
        _ = Rd.BrokersAdd(Handle, _servers);
        KafkaLog.BrokersForgotten(_logger, _role);
    }

    /// <summary>Asks whether any broker answers. Blocks.</summary>
    /// <param name="timeoutMs">Most time, ms.</param>
    public bool IsAnswered(int timeoutMs)
    {
        if (Rd.Metadata(Handle, 0, 0, out var metadata, timeoutMs) != RdError.None) return false;
        Rd.MetadataDestroy(metadata);
        return true;
    }

    /// <summary>The error that made the client useless, or null.</summary>
    public RdFailure? FatalFailure()
    {
        var text = stackalloc byte[Rd.ErrorTextBytes];
        var code = Rd.FatalError(Handle, text, Rd.ErrorTextBytes);
        return code == RdError.None ? null : new RdFailure(code, Utf8.ToString(text), true, false, false);
    }

    /// <summary>Destroys the client; what it has not sent is discarded.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_isProducer) _ = Rd.Purge(Handle, PurgeQueueAndInFlight);
        Rd.Destroy(Handle, DestroyWithoutConsumerClose);
        _self.Free();
    }

    private nint Open(IReadOnlyDictionary<string, string> properties)
    {
        var error = stackalloc byte[Rd.ErrorTextBytes];
        var conf = Rd.ConfNew();
        foreach (var (name, value) in properties)
        {
            if (Rd.ConfSet(conf, name, value, error, Rd.ErrorTextBytes) == 0) continue;
            Rd.ConfDestroy(conf);
            // librdkafka's own text may repeat the value, which may be a secret: only the name is told.
            throw new ArgumentException($"Kafka client property '{name}' was refused: unknown name or value out of range.", nameof(properties));
        }

        Rd.ConfSetOpaque(conf, GCHandle.ToIntPtr(_self));
        Rd.ConfSetErrorCallback(conf, &OnError);
        Rd.ConfSetLogCallback(conf, &OnLog);
        Rd.ConfSetThrottleCallback(conf, &OnThrottle);
        if (_isProducer)
        {
            Rd.ConfSetDeliveryCallback(conf, &OnDelivery);
            _watching = Rd.InterceptNew(conf, InterceptorName, &OnNew, GCHandle.ToIntPtr(_self)) == RdError.None ? NotWatched : RdError.Fatal;
        }

        var handle = Rd.New(_isProducer ? ProducerType : ConsumerType, conf, error, Rd.ErrorTextBytes);
        if (handle != 0 && (!_isProducer || _watching == RdError.None)) return handle;
        if (handle != 0)
        {
            // librdkafka only logs it; but a producer whose requests nobody counts could tear a transaction (docs/decisions/0015).
            Rd.Destroy(handle, 0);
            throw new InvalidOperationException($"Kafka client ({_role}): the requests that it sends cannot be watched (error {_watching}).");
        }

        Rd.ConfDestroy(conf);
        throw new ArgumentException($"Kafka client ({_role}) could not be created: {Utf8.ToString(error)}", nameof(properties));
    }

    private static NativeClient Of(nint opaque) => (NativeClient)GCHandle.FromIntPtr(opaque).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void OnDelivery(nint client, RdMessage* message, nint opaque)
    {
        if (message->Private == 0 && message->Err == RdError.None) return;
        int type;
        Of(opaque).Delivered?.Invoke(new DeliveryReport(message->Err, message->Private, message->Partition, message->Offset, Rd.MessageTimestamp(message, &type)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int OnNew(nint client, nint conf, nint opaque, byte* error, nuint errorSize) => Of(opaque)._watching = Rd.InterceptSent(client, InterceptorName, &OnSent, opaque);

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int OnSent(nint client, int socket, byte* broker, int brokerId, short apiKey, short version, int correlation, nuint size, nint opaque)
    {
        Of(opaque).Sent?.Invoke(apiKey);
        return RdError.None;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void OnError(nint client, int code, byte* reason, nint opaque)
    {
        var self = Of(opaque);
        KafkaMetrics.ClientError(self._role, code);
        self.Troubled?.Invoke();
        if (code == RdError.AllBrokersDown) self.AllBrokersDown?.Invoke();
        self.Log(code is RdError.Fatal or RdError.Fenced ? LogLevel.Debug : LogLevel.Warning, RdError.Name(code), Utf8.ToString(reason));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void OnThrottle(nint client, byte* broker, int brokerId, int ms, nint opaque)
    {
        if (ms <= 0) return;
        var self = Of(opaque);
        KafkaMetrics.Throttled(self._role, ms);
        self.Throttled?.Invoke(ms);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void OnLog(nint client, int level, byte* facility, byte* text)
    {
        if (client == 0) return;
        var opaque = Rd.Opaque(client);
        if (opaque == 0) return;
        var source = Utf8.ToString(facility);
        // What ends a transaction is thrown by its call and logged once by the shard, which knows whether it is a hand-over or a fault.
        var least = source is "TXNERR" or "FATAL" or "ADDPARTS" or "ADDOFFS" or "TXNOFFSETS" or "ENDTXN" ? LogLevel.Debug : LogLevel.Critical;
        var own = level switch { <= 3 => LogLevel.Error, 4 => LogLevel.Warning, 5 or 6 => LogLevel.Information, _ => LogLevel.Debug };
        Of(opaque).Log(own < least ? own : least, source, Utf8.ToString(text));
    }

    private void Log(LogLevel level, string facility, string text)
    {
        try
        {
            if (!_limit.Lets(level, facility, out var leftOut)) return;
            KafkaLog.Client(_logger, level, _role, facility, leftOut == 0 ? text : $"{text} ({leftOut} lines of the kind left out before)");
        }
#pragma warning disable CA1031 // A logger that throws inside a native callback would take the process down; it is counted instead.
        catch (Exception)
#pragma warning restore CA1031
        {
            KafkaMetrics.LoggerFailed(_role);
        }
    }
}

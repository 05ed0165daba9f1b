namespace Streaming.Core.Errors;

/// <summary>The broker did not answer or refused for now; nothing was committed.</summary>
public sealed class BrokerUnavailableException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Retry;
}

/// <summary>Records of a shard stand behind another's open transaction, which does not end: nobody can tell what became of them.</summary>
public sealed class RecordsHiddenException(string message) : EngineException(message, null)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Retry;
}

/// <summary>A commit, abort or send-offsets call ended without a clear answer: it may or may not have happened (design rule 4.2).</summary>
public sealed class IndefiniteOutcomeException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.TakeOverAgain;
}

/// <summary>The transaction was aborted for certain; its batch must be worked again.</summary>
public sealed class TransactionAbortedException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.TakeOverAgain;
}

/// <summary>A newer owner took this partition over (producer epoch).</summary>
public sealed class FencedException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.StopAndBackOff;
}

/// <summary>Records the engine still needs are gone from the topic, or the topic is another one than before.</summary>
public sealed class LogTruncatedException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}

/// <summary>The topology (partition counts, topic ids) is not the one this engine's state belongs to.</summary>
public sealed class TopologyMismatchException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}

/// <summary>The snapshot store did not answer; what was to be written stays dirty in memory.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Retry;
}

/// <summary>Stored bytes cannot be trusted: bad checksum, truncated, or written by a newer version.</summary>
public sealed class CorruptRowException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}

/// <summary>The store answered with an older row than one that was durable before: another replica, or a part of it rolled back. Another read may give the right one.</summary>
public sealed class StaleRowException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Retry;
}

/// <summary>The store went back behind what this owner knows to be durable: a backup was put back, or acknowledged writes were lost. What it holds now is restored from, as at every take-over (design rule 4.5).</summary>
public sealed class StoreRolledBackException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.TakeOverAgain;
}

/// <summary>A model, manifest or vector table was refused: wrong hash, shape, feature list or version.</summary>
public sealed class ModelRefusedException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}

/// <summary>Client or broker refuses a record for good (too large, unknown topic, not authorised): repeating it cannot succeed, dropping it would lose it.</summary>
public sealed class RecordRejectedException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}

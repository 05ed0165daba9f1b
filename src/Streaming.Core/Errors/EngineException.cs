namespace Streaming.Core.Errors;

/// <summary>Root of every error the engine raises on purpose. Each answers one question: what should the caller do?</summary>
public abstract class EngineException : Exception
{
    /// <summary>Creates the error.</summary>
    protected EngineException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>What the caller should do.</summary>
    public abstract ErrorAction Action { get; }
}

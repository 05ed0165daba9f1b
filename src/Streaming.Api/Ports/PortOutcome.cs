namespace Streaming.Api.Ports;

/// <summary>What came of a question or an act that the engine was asked for.</summary>
public enum PortOutcome
{
    /// <summary>Here it is, or it is done.</summary>
    Found,
    /// <summary>No such user, model or record: 404, unless there is a value all the same (the list that anybody would get).</summary>
    Unknown,
    /// <summary>Not now; ask again: 503.</summary>
    Unavailable,
    /// <summary>No answer in time: 504.</summary>
    TimedOut,
    /// <summary>It failed; the engine's log says why: 500.</summary>
    Failed,
    /// <summary>The engine cannot do what one field asks for: 422, with the field.</summary>
    Refused,
}

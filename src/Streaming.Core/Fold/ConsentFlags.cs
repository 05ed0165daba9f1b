namespace Streaming.Core.Fold;

/// <summary>Purposes that a user consents to. Values are persisted.</summary>
[Flags]
public enum ConsentFlags : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Personal recommendations.</summary>
    Personalise = 1,
    /// <summary>Alerts, offers and segments.</summary>
    Market = 2,
    /// <summary>Being counted in sessions and outcomes.</summary>
    Measure = 4,
    /// <summary>All of them.</summary>
    All = 7,
}

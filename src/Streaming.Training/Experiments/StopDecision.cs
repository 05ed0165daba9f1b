namespace Streaming.Training.Experiments;

/// <summary>What a look at an experiment says.</summary>
public enum StopDecision
{
    /// <summary>Nothing yet: go on.</summary>
    Continue,
    /// <summary>The interval lies above zero.</summary>
    Helps,
    /// <summary>The interval lies below zero.</summary>
    Harms,
    /// <summary>The interval lies within what is not worth having.</summary>
    NotWorth,
    /// <summary>The arms have not the sizes that were dealt: users are lost or counted twice in one of them, and no difference means anything.</summary>
    NotAsDealt,
}

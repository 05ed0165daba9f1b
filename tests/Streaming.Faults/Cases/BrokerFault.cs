namespace Streaming.Faults.Cases;

/// <summary>What happens to a broker.</summary>
internal enum BrokerFault
{
    /// <summary>Stopped in order and started again.</summary>
    Restart,
    /// <summary>SIGKILL, and started again.</summary>
    Kill,
    /// <summary>SIGSTOP, and SIGCONT later.</summary>
    Freeze,
}

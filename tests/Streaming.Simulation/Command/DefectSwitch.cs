namespace Streaming.Simulation.Command;

/// <summary>The planted mistakes, where this build holds them.</summary>
internal static class DefectSwitch
{
#if SIMULATION_DEFECTS
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<Core.Defect>().Where(d => d != Core.Defect.None).Select(d => d.ToString())];

    /// <summary>Plants one; null: none.</summary>
    /// <exception cref="ArgumentException">There is no such mistake.</exception>
    public static void Plant(string? name)
    {
        if (name is not null && !Names.Contains(name)) throw new ArgumentException($"--defect must be one of {string.Join(", ", Names)}, not {name}");
        Core.Defects.Planted = name is null ? Core.Defect.None : Enum.Parse<Core.Defect>(name);
    }
#else
    /// <summary>None.</summary>
    public static IReadOnlyList<string> Names { get; } = [];

    /// <summary>Plants nothing.</summary>
    /// <exception cref="ArgumentException">A mistake is asked for.</exception>
    public static void Plant(string? name)
    {
        if (name is not null) throw new ArgumentException("this build holds no planted defects: build with -p:SimulationDefects=true");
    }
#endif
}

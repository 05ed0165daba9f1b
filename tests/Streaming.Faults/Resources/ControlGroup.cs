using System.Globalization;

namespace Streaming.Faults.Resources;

/// <summary>
/// A control group (version 1) of one controller, with a process in it: what a container's limits are made of. The limit is read back: a file that is
/// merely created in a plain folder limits nothing.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Base = "/sys/fs/cgroup";
    private readonly string _folder, _parent;

    private ControlGroup(string controller, string name) => (_parent, _folder) = (Path.Combine(Base, controller), Path.Combine(Base, controller, name));

    /// <summary>Why this machine has no such group; null where it has.</summary>
    public static string? Missing(string controller)
    {
        var probe = Path.Combine(Base, controller, "cgroup.procs");
        if (!File.Exists(probe)) return $"no version 1 control groups of {controller} here";
        try
        {
            using var writable = new FileStream(probe, FileMode.Open, FileAccess.Write);
            return null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return $"control groups of {controller} may not be made here: {e.Message}";
        }
    }

    /// <summary>Makes an empty group.</summary>
    public static ControlGroup Empty(string controller, string name)
    {
        var group = new ControlGroup(controller, name);
        Directory.CreateDirectory(group._folder);
        return group;
    }

    /// <summary>Makes a group and puts a process with all its threads into it.</summary>
    public static ControlGroup With(string controller, string name, int process)
    {
        var group = Empty(controller, name);
        Put(process, group._folder);
        return group;
    }

    /// <summary>Starts a process within the group, so that all its memory is charged to it from the beginning: kernels of today no longer move the charge of a process that comes later.</summary>
    public T Around<T>(Func<T> start)
    {
        // What is started is where its parent is.
        Put(Environment.ProcessId, _folder);
        try
        {
            return start();
        }
        finally
        {
            Put(Environment.ProcessId, _parent);
        }
    }

    /// <summary>Sets a limit and sees that it is in force.</summary>
    public void Limit(string file, long value)
    {
        var path = Path.Combine(_folder, file);
        File.WriteAllText(path, value.ToString(CultureInfo.InvariantCulture));
        var inForce = Read(file);
        // The kernel rounds memory to whole pages.
        if (Math.Abs(inForce - value) > 4096) throw new InvalidOperationException($"{path} says {inForce} after {value} was written");
    }

    /// <summary>The same; false where the kernel says that so little cannot be had.</summary>
    public bool TryLimit(string file, long value)
    {
        try
        {
            Limit(file, value);
            return true;
        }
        catch (IOException e) when (e.Message.Contains("busy", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
    }

    /// <summary>A number that the kernel keeps of the group.</summary>
    public long Read(string file) => long.Parse(File.ReadAllText(Path.Combine(_folder, file)), CultureInfo.InvariantCulture);

    /// <summary>A number of a file of names and numbers, as <c>cpu.stat</c> is.</summary>
    public long Read(string file, string name) =>
        long.Parse(File.ReadLines(Path.Combine(_folder, file)).Select(l => l.Split(' ')).First(p => p[0] == name)[1], CultureInfo.InvariantCulture);

    /// <summary>Gives its processes back to the group above and removes it.</summary>
    public void Dispose()
    {
        foreach (var process in File.ReadAllLines(Path.Combine(_folder, "cgroup.procs"))) Put(int.Parse(process, CultureInfo.InvariantCulture), _parent);
        Directory.Delete(_folder);
    }

    private static void Put(int process, string folder) => File.WriteAllText(Path.Combine(folder, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
}

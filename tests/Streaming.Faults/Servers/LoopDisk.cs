using System.Globalization;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Servers;

/// <summary>An ext4 file system in a file. It can turn read-only under open files, as after an error of the disk beneath; only a repair brings it back.</summary>
/// <param name="folder">Where it is mounted.</param>
internal sealed class LoopDisk(string folder)
{
    private const int SizeMiB = 64, Repaired = 1;

    private string Image => folder + ".img";

    /// <summary>Makes and mounts it, empty.</summary>
    /// <exception cref="CaseSkippedException">This process may not mount.</exception>
    public void Mount()
    {
        Directory.CreateDirectory(folder);
        using (var image = new FileStream(Image, FileMode.Create, FileAccess.Write)) image.SetLength(SizeMiB << 20);
        var (code, error) = SystemCommand.Run("mkfs.ext4", "-q", "-F", Image);
        if (code == 0) (code, error) = SystemCommand.Run("mount", "-o", "loop", Image, folder);
        if (code != 0) throw new CaseSkippedException($"a file system of its own is needed, and this process may not make and mount one: {error.Trim()}");
    }

    /// <summary>What ext4 does after an error that it cannot live with (<c>errors=remount-ro</c>): nothing more is written, files that are open included.</summary>
    public void Abort() => Do("mount", "-o", "remount,abort", folder);

    /// <summary>Mounts it read-only, or for writing; no file may be open for writing.</summary>
    public void Remount(bool isReadOnly) => Do("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", folder);

    /// <summary>Checks, repairs and mounts it again; nobody may use it.</summary>
    public void Repair()
    {
        Do("umount", folder);
        var (code, error) = SystemCommand.Run("e2fsck", "-p", Image);
        if (code > Repaired) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"e2fsck ended with {code}: {error.Trim()}"));
        Do("mount", "-o", "loop", Image, folder);
    }

    /// <summary>Takes it away where it is mounted.</summary>
    public void Unmount()
    {
        if (File.ReadLines("/proc/mounts").Any(line => line.Split(' ')[1] == folder)) Do("umount", folder);
    }

    private static void Do(string program, params string[] arguments)
    {
        var (code, error) = SystemCommand.Run(program, arguments);
        if (code != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Trim()}");
    }
}

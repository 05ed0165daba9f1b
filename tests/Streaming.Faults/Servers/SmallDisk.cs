using Streaming.Faults.Cases;

namespace Streaming.Faults.Servers;

/// <summary>A file system in memory of a fixed size, which a file of ballast fills to the last byte.</summary>
/// <param name="folder">Where it is mounted.</param>
internal sealed class SmallDisk(string folder)
{
    private const int MiB = 1 << 20;

    /// <summary>Where it is mounted.</summary>
    public string Folder => folder;

    private string Ballast => Path.Combine(folder, "ballast");

    /// <summary>Mounts it anew and empty.</summary>
    /// <param name="sizeMiB">Its size.</param>
    /// <exception cref="CaseSkippedException">This process may not mount.</exception>
    public void Mount(int sizeMiB)
    {
        Unmount();
        Directory.CreateDirectory(folder);
        var (code, error) = SystemCommand.Run("mount", "-t", "tmpfs", "-o", $"size={sizeMiB}m", "tmpfs", folder);
        if (code != 0) throw new CaseSkippedException($"a file system of its own is needed, and this process may not mount one: {error.Trim()}");
    }

    /// <summary>Takes what room is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[MiB];
        for (var size = MiB; size >= 1;)
        {
            try
            {
                file.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2; // full for so much; what is smaller may still find room
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Room left, bytes.</summary>
    public long FreeBytes => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Takes it away where it is mounted.</summary>
    public void Unmount()
    {
        if (!Directory.Exists(folder) || !File.ReadLines("/proc/mounts").Any(line => line.Split(' ')[1] == folder)) return;
        var (code, error) = SystemCommand.Run("umount", folder);
        if (code != 0) throw new InvalidOperationException($"umount {folder}: {error.Trim()}");
    }
}

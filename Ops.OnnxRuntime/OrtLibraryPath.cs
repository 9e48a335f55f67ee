using System.Runtime.InteropServices;

namespace Ops.OnnxRuntime;

/// <summary>Where the build puts the library.</summary>
internal static class OrtLibraryPath
{
    private const string Package = "Ops.OnnxRuntime/node_modules/onnxruntime-node/bin/napi-v6";

    /// <summary>The library beside the program, or in this project's folder at or above it; null when there is none for this
    /// machine.</summary>
    public static string? Find()
    {
        (string system, string file) = OperatingSystem.IsWindows() ? ("win32", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("darwin", "libonnxruntime.1.dylib") : ("linux", "libonnxruntime.so.1");
        string processor = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        string beside = Path.Combine(AppContext.BaseDirectory, file);
        if (File.Exists(beside))
            return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, Package, system, processor, file);
            if (File.Exists(path))
                return path;
        }
        return null;
    }
}

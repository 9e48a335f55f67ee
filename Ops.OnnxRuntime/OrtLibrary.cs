using System.Runtime.InteropServices;
using Ops.Specs;

namespace Ops.OnnxRuntime;

/// <summary>The shared library of ONNX Runtime, loaded once for the process.</summary>
public static unsafe class OrtLibrary
{
    /// <summary>The environment variable with the path of a library to use instead of the one the build installs.</summary>
    public const string Variable = "OPSPEC_ONNXRUNTIME";

    private static readonly Lazy<OrtLoad> State = new(Load);

    /// <summary>Whether there is a library.</summary>
    public static bool IsAvailable => State.Value.Unavailable is null;

    /// <summary>Why there is no library; null when there is one.</summary>
    public static string? Unavailable => State.Value.Unavailable;

    /// <summary>The version of the library, for instance <c>1.30.0</c>.</summary>
    /// <exception cref="OpException">There is no library.</exception>
    public static string Version => Marshal.PtrToStringUTF8((nint)Require().Version)!;

    /// <summary>The functions of the library.</summary>
    /// <exception cref="OpException">There is no library.</exception>
    internal static OrtApi Api => new(Require().Functions);

    private static OrtLoad Require() =>
        State.Value is { Unavailable: null } state ? state : throw new OpException("ONNX Runtime", "library", State.Value.Unavailable!);

    private static OrtLoad Load()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        if (path is { Length: > 0 } && !File.Exists(path))
            return new($"{Variable} is '{path}', where there is no file");
        path = path is { Length: > 0 } ? path : OrtLibraryPath.Find();
        if (path is null)
            return new($"the library is not installed: build with npm at hand, or set {Variable} to its path");
        if (!NativeLibrary.TryLoad(path, out nint library))
            return new($"'{path}' cannot be loaded");
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint entry))
            return new($"'{path}' is not ONNX Runtime: it has no OrtGetApiBase");
        // Two functions: the one that gives the table of a version, and the one that names the library's version.
        void** getters = ((delegate* unmanaged<void**>)entry)();
        void** functions = ((delegate* unmanaged<uint, void**>)getters[0])(OrtApi.Version);
        byte* version = ((delegate* unmanaged<byte*>)getters[1])();
        return functions is not null ? new(functions, version)
            : new($"'{path}' is version {Marshal.PtrToStringUTF8((nint)version)}, which does not have version {OrtApi.Version} of the API");
    }

    private readonly struct OrtLoad(void** functions, byte* version)
    {
        public OrtLoad(string unavailable)
            : this(null, null) => Unavailable = unavailable;

        public string? Unavailable { get; }

        public void** Functions { get; } = functions;

        public byte* Version { get; } = version;
    }
}

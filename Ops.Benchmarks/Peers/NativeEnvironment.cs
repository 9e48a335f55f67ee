using System.Runtime.InteropServices;

namespace Ops.Benchmarks.Peers;

/// <summary>A variable that native libraries see until this is disposed; .NET's own environment is a copy that they do not read.</summary>
internal readonly partial struct NativeEnvironment : IDisposable
{
    private readonly string? name;

    private NativeEnvironment(string? name) => this.name = name;

    /// <summary>Sets a variable; without one, or where there is no such function, nothing happens.</summary>
    public static NativeEnvironment Set((string Name, string Value)? variable)
    {
        if (variable is not { } given || OperatingSystem.IsWindows())
            return default;
        _ = SetVariable(given.Name, given.Value, 1);
        return new NativeEnvironment(given.Name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (name is not null)
            _ = RemoveVariable(name);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveVariable(string name);
}

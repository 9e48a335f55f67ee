using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Inputs of calls to come, weights as a rule, in the form that an op's kernel reads; made once by the op's <c>Pack</c>, and given
/// to its <c>Run</c>.</summary>
/// <remarks>
/// The calls are given the inputs themselves as well, and refuse others than those that were packed. What changes in them afterwards goes
/// unnoticed. Packing that is of no use to a call, because of other attributes or another vector width, is left aside. No call may be under
/// way when this is disposed.
/// </remarks>
public sealed unsafe class PackedInputs : IDisposable
{
    /// <summary>How many places of an input are looked at to tell it from others.</summary>
    private const int Samples = 64;

    private readonly PackedOperand?[] packed;
    private readonly Identity[] identities;
    private bool isDisposed;

    /// <summary>Keeps what a kernel packed.</summary>
    /// <param name="packed">The packed forms by input, null for those that stay as they are; missing ones at the end do.</param>
    /// <param name="inputs">The inputs.</param>
    public PackedInputs(PackedOperand?[] packed, ReadOnlySpan<Operand> inputs)
    {
        this.packed = packed;
        identities = new Identity[packed.Length];
        for (int i = 0; i < packed.Length; i++)
            if (packed[i] is not null) identities[i] = Identity.Of(inputs[i]);
    }

    /// <summary>Whether anything is packed: a kernel reads what would gain nothing as it is.</summary>
    public bool IsEmpty => Array.TrueForAll(packed, p => p is null);

    /// <summary>Lets the inputs of a call be read as they were packed.</summary>
    /// <param name="op">The op.</param>
    /// <param name="names">The names of its inputs.</param>
    /// <param name="inputs">The inputs of the call.</param>
    /// <exception cref="OpException">An input is another than was packed.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public void Use(string op, ReadOnlySpan<string> names, Span<Operand> inputs)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        for (int i = 0; i < packed.Length; i++)
        {
            if (packed[i] is null) continue;
            Identity given = Identity.Of(inputs[i]);
            if (given != identities[i])
                throw new OpException(op, "packed", $"{names[i]} is {given}, another than the {identities[i]} that was packed");
            inputs[i] = inputs[i] with { Packed = packed[i] };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        foreach (PackedOperand? operand in packed) operand?.Dispose();
    }

    /// <summary>What tells a tensor from others, at little cost.</summary>
    private readonly record struct Identity(string Type, int Hash)
    {
        public static Identity Of(in Operand operand)
        {
            if (operand.IsAbsent) return new Identity("absent", 0);
            var hash = new HashCode();
            long bytes = (operand.Length * operand.Type.Bits() + 7) / 8, last = Math.Max(bytes - sizeof(long), 0);
            for (int i = 0; i < Samples && bytes >= sizeof(long); i++) hash.Add(*(long*)((byte*)operand.Data + last * i / (Samples - 1)));
            return new Identity($"{operand.Type.Name()}[{string.Join(", ", operand.Dims)}]", hash.ToHashCode());
        }

        public override string ToString() => Type;
    }
}

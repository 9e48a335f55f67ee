using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Schemas;

/// <summary>
/// What validation of a node's last call led to. A call whose inputs have the same types and dims, and the same elements as far as
/// validation read them, leads to the same: validation sees nothing else. Several threads may share it.
/// </summary>
internal sealed class CallMemory
{
    /// <summary>A call whose validation reads larger inputs, such as indices, is validated each time.</summary>
    private const int MaxContent = 128;

    private Entry? last;

    /// <summary>An input of the last call; <paramref name="Content"/> is what validation read of it.</summary>
    private readonly record struct Seen(ElementType Type, long[]? Dims, byte[]? Content);

    private sealed record Entry(Seen[] Inputs, object Outcome);

    /// <summary>What the last call led to; null when this one is not like it.</summary>
    public object? Recall(IReadOnlyList<TensorValue?> inputs)
    {
        Entry? entry = last;
        if (entry is null || entry.Inputs.Length != inputs.Count)
            return null;
        for (int i = 0; i < entry.Inputs.Length; i++)
            if (!IsLike(in entry.Inputs[i], inputs[i]))
                return null;
        return entry.Outcome;
    }

    /// <summary>Notes what a call led to.</summary>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="types">What validation saw of them, made by <see cref="Watch"/>.</param>
    /// <param name="outcome">What it led to.</param>
    public void Keep(IReadOnlyList<TensorValue?> inputs, IReadOnlyList<TensorType?> types, object outcome)
    {
        var seen = new Seen[inputs.Count];
        for (int i = 0; i < seen.Length; i++)
            if (inputs[i] is { } input)
            {
                bool read = types[i]?.Data is WatchedData { WasRead: true };
                if (read && input.ByteCount > MaxContent)
                {
                    last = null;
                    return;
                }
                seen[i] = new Seen(input.Type, input.Dims, read ? input.Bytes.ToArray() : null);
            }
        last = new Entry(seen, outcome);
    }

    /// <summary>An input as validation sees it, which can tell afterwards whether its elements were read.</summary>
    public static TensorType Watch(TensorValue input)
    {
        TensorType type = input.ToTensorType();
        return type.Data is { } data ? type with { Data = new WatchedData(data) } : type;
    }

    private static bool IsLike(in Seen seen, TensorValue? input)
    {
        if (input is null || seen.Dims is null)
            return input is null && seen.Dims is null;
        return input.Type == seen.Type && (input.Dims == seen.Dims || input.Dims.AsSpan().SequenceEqual(seen.Dims))
            && (seen.Content is null || input.Bytes.SequenceEqual(seen.Content));
    }

    /// <summary>Elements that note when they are read.</summary>
    private sealed class WatchedData(TensorData data) : TensorData, IElementMemory
    {
        public Operand Memory => Read() is IElementMemory elements ? elements.Memory : Operand.Absent;

        public bool WasRead { get; private set; }

        public override long Count => data.Count;

        public override Dim this[long index] => Read()[index];

        public override Seq<Dim> Elements => Read().Elements;

        public override Real RealAt(long index) => Read().RealAt(index);

        public override Truth All(CompareOp op, Dim bound, long from, long count, out long failure) =>
            Read().All(op, bound, from, count, out failure);

        public override Truth All(CompareOp op, Real bound, out long failure) => Read().All(op, bound, out failure);

        private TensorData Read()
        {
            WasRead = true;
            return data;
        }
    }
}

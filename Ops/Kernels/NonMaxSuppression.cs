using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Tensors;

namespace Ops;

/// <remarks>Of boxes with equal scores the first one is chosen first.</remarks>
public static unsafe partial class NonMaxSuppression
{
    private static partial void Compute(in Args args, in Operand boxes, in Operand scores, in Operand max_output_boxes_per_class,
        in Operand iou_threshold, in Operand score_threshold, in Operand selected_indices)
    {
        var selected = (long*)selected_indices.Data;
        foreach (var (image, type, box) in
            Choose(boxes, scores, max_output_boxes_per_class, iou_threshold, score_threshold, args.center_point_box))
            (*selected++, *selected++, *selected++) = (image, type, box);
    }

    /// <summary>How many boxes are chosen.</summary>
    private static partial Dim Count(TensorType boxes, TensorType scores, TensorType? max_output_boxes_per_class, TensorType? iou_threshold,
        TensorType? score_threshold, Truth center_point_box)
    {
        Operand most = IElementMemory.Of(max_output_boxes_per_class), overlap = IElementMemory.Of(iou_threshold),
            least = IElementMemory.Of(score_threshold), all = IElementMemory.Of(boxes), given = IElementMemory.Of(scores);
        bool known = !all.IsAbsent && !given.IsAbsent && (center_point_box.IsTrue || center_point_box.IsFalse) && most.IsAbsent == max_output_boxes_per_class is null
            && overlap.IsAbsent == iou_threshold is null && least.IsAbsent == score_threshold is null;
        return known && Fit(all.Dims, given.Dims) ? Choose(all, given, most, overlap, least, center_point_box.IsTrue).Count : Dim.Unknown;
    }

    private static bool Fit(long[] boxes, long[] scores) =>
        boxes.Length == 3 && scores.Length == 3 && boxes[2] == 4 && boxes[0] == scores[0] && boxes[1] == scores[2];

    private static List<(long Image, long Class, long Box)> Choose(in Operand boxes, in Operand scores, in Operand most, in Operand overlap,
        in Operand least, bool centres)
    {
        var chosen = new List<(long, long, long)>();
        if (most.IsAbsent || boxes.Length == 0) return chosen;
        long wanted = *(long*)most.Data, images = boxes.Dims[0], count = boxes.Dims[1], classes = scores.Dims[1];
        float threshold = overlap.IsAbsent ? 0 : *(float*)overlap.Data;
        var all = new Box[count];
        for (long image = 0; image < images; image++)
        {
            for (long i = 0; i < count; i++) all[i] = Box.Of((float*)boxes.Data + (((image * count) + i) * 4), centres);
            for (long type = 0; type < classes; type++)
            {
                float* given = (float*)scores.Data + (((image * classes) + type) * count);
                var kept = new List<int>();
                foreach (int i in Candidates(given, count, least))
                {
                    if (kept.Count >= wanted) break;
                    if (kept.Exists(other => all[i].Overlaps(all[other], threshold))) continue;
                    kept.Add(i);
                    chosen.Add((image, type, i));
                }
            }
        }

        return chosen;
    }

    /// <summary>The boxes whose scores are high enough, those with the highest ones first.</summary>
    private static int[] Candidates(float* scores, long count, in Operand least)
    {
        var candidates = new List<int>();
        for (int i = 0; i < count; i++)
            if (least.IsAbsent || scores[i] > *(float*)least.Data) candidates.Add(i);
        candidates.Sort((a, b) => scores[b].CompareTo(scores[a]) is var order and not 0 ? order : a.CompareTo(b));
        return [.. candidates];
    }

    private readonly record struct Box(float Left, float Top, float Right, float Bottom)
    {
        private float Area => (Right - Left) * (Bottom - Top);

        public static Box Of(float* numbers, bool centre)
        {
            float a = numbers[0], b = numbers[1], c = numbers[2], d = numbers[3];
            return centre ? new(a - (c / 2), b - (d / 2), a + (c / 2), b + (d / 2))
                : new(Math.Min(b, d), Math.Min(a, c), Math.Max(b, d), Math.Max(a, c));
        }

        public bool Overlaps(in Box other, float threshold)
        {
            float width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left),
                height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
            if (width <= 0 || height <= 0 || Area <= 0 || other.Area <= 0) return false;
            float shared = width * height, union = Area + other.Area - shared;
            return union > 0 && shared / union > threshold;
        }
    }
}
